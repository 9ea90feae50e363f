"""Conditions, loops and exceptions: both ways of what cannot be decided are walked."""

from __future__ import annotations

import ast
from typing import Any

from .. import statements as st
from .blocks import Leaving
from .comprehensions import iterable
from .expressions import PLAIN
from .uncertain import blur, restore, snapshot
from .values import Unknown, truth
from .walker import Walker

MAYBE_RETURNED = "@returned"
"""Key, in a function's scope, of values returned under a condition nobody knows."""


class Return(Leaving):
    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


class LoopControl(Leaving):
    pass


class Raised(Leaving):
    pass


class Stop(Exception):
    """Too many steps; what was seen so far stands."""


class Branches(Walker):
    """The part of the interpreter that decides which statements are walked."""

    def _return(self, node: ast.Return) -> None:
        raise Return(self.evaluate(node.value) if node.value is not None else None)

    def _if(self, node: ast.If) -> None:
        known = truth(self.evaluate(node.test))
        if known is not None:
            taken, skipped = (node.body, node.orelse) if known else (node.orelse, node.body)
            if skipped and self.in_function:
                self.skipped_branches.append(skipped[0].lineno)
            self.run(taken)
            return
        guard = self.module.describe(node.test)
        ends = [self._branch(body, guard) for body in (node.body, node.orelse)]
        if node.orelse and all(ends):
            raise Return(Unknown("return"))

    def _branch(self, body: list[ast.stmt], guard: str) -> bool:
        """Walk one branch of an undecided condition; True when it always leaves."""
        before = snapshot(self.scope)
        if body:
            self.doubt(body[0])
        try:
            with self.circumstances(conditional=True, guard=guard):
                self.run(body)
        except Return as returned:
            kept = [*self.scope.get(MAYBE_RETURNED, ()), returned.value]
            restore(self.scope, before)
            self.scope[MAYBE_RETURNED] = kept
            return True
        except Raised:
            restore(self.scope, before)
            return True
        except LoopControl:
            blur(self.scope, before)
            return True
        blur(self.scope, before)
        return False

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        items = iterable(self.evaluate(node.iter))
        if items is None:
            self.bind(node.target, Unknown(self.module.describe(node.target)), self.scope)
            self._loop_body(node.body)
            if node.orelse:
                self._branch(node.orelse, "no break")
            return
        for item in items:
            self.bind(node.target, item, self.scope)
            try:
                self.run(node.body)
            except LoopControl as control:
                if control.args[0] == "break":
                    return
        self.run(node.orelse)

    def _while(self, node: ast.While) -> None:
        self.evaluate(node.test)
        self._loop_body(node.body)

    def _loop_body(self, body: list[ast.stmt]) -> None:
        """Walk the body of a loop that runs any number of times, none included."""
        self.doubt(body[0])
        before = snapshot(self.scope)
        try:
            with self.circumstances(loop=True):
                self.run(body)
        except Return as returned:
            self.scope.setdefault(MAYBE_RETURNED, []).append(returned.value)
        except (LoopControl, Raised):
            pass
        blur(self.scope, before)

    def _control(self, node: ast.Break | ast.Continue) -> None:
        raise LoopControl("break" if isinstance(node, ast.Break) else "continue")

    def _try(self, node: ast.Try) -> None:
        try:
            self.run(node.body)
        except Raised:
            if not node.handlers:
                raise
        for handler in node.handlers:
            if handler.name:
                self.scope[handler.name] = Unknown(handler.name)
            self._branch(handler.body, "an exception")
        self.run(node.orelse)
        self.run(node.finalbody)

    def _raise(self, node: ast.Raise) -> None:
        if node.exc is not None and self.in_function:
            self.emit(
                st.PythonFact, node, "python", kind="raises", what=self.module.describe(node.exc)
            )
        raise Raised

    def _match(self, node: ast.Match) -> None:
        subject = self.evaluate(node.subject)
        for case in node.cases:
            chosen = self._matches(case.pattern, subject)
            if chosen is False:
                continue
            if chosen and case.guard is None:
                self.run(case.body)
                return
            self._branch(case.body, "match")

    def _matches(self, pattern: ast.pattern, subject: Any) -> bool | None:
        if isinstance(pattern, ast.MatchValue):
            value = self.evaluate(pattern.value)
            known = isinstance(value, PLAIN) and isinstance(subject, PLAIN)
            return bool(value == subject) if known else None
        if isinstance(pattern, ast.MatchOr):
            found = [self._matches(part, subject) for part in pattern.patterns]
            return True if True in found else (None if None in found else False)
        if isinstance(pattern, ast.MatchAs) and pattern.pattern is None:
            return True
        return None
