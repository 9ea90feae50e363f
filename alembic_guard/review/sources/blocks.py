"""`with` blocks, and the context managers a migration writes as generators."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ...record import replace
from .. import statements as st
from .evaluate import Evaluator
from .module import Module
from .values import Function, Obj

if TYPE_CHECKING:
    from .walker import Calls


class Leaving(Exception):
    """Something that leaves a block early: `return`, `break`, `continue`, `raise`."""


class WithBlocks(Evaluator):
    """The part of the interpreter that enters and leaves `with` blocks."""

    calls: Calls
    context: st.Context
    call_lines: list[int]
    at_yield: Callable[[Any], None] | None = None
    """What runs where the generator that is walked yields."""

    def run(self, body: list[ast.stmt]) -> None:
        """Walk statements; overridden by the interpreter."""

    def resume(self, context: st.Context) -> None:
        """Go back to earlier circumstances; overridden by the interpreter."""

    def with_block(self, node: ast.With | ast.AsyncWith) -> None:
        self._entered(node.items, node.body)

    def _entered(self, items: list[ast.withitem], body: list[ast.stmt]) -> None:
        """Enter each context manager, the first one outermost, and walk the body inside."""
        outer = self.context
        managers: list[Any] = []
        try:
            for index, item in enumerate(items):
                value = self.evaluate(item.context_expr)
                if isinstance(value, Obj) and value.path == "@generator":
                    self._around(value, item, items[index + 1 :], body)
                    return
                bound = self.calls.enter(self, value, item.context_expr)
                managers.append(value)
                if item.optional_vars is not None:
                    self.bind(item.optional_vars, bound, self.scope)
            self.run(body)
        finally:
            self.resume(outer)
            for value in reversed(managers):
                self.calls.leave(self, value)

    def _around(
        self, manager: Obj, item: ast.withitem, rest: list[ast.withitem], body: list[ast.stmt]
    ) -> None:
        """What the generator does before its `yield`, the body, what it does after."""
        here = (self.scope, self.globals, self.module)
        lines, helper = [*self.call_lines], self.context.helper
        left: list[Leaving] = []

        def inside(value: Any) -> None:
            there, outer = (self.scope, self.globals, self.module), self.at_yield
            self._stand(here)
            self.at_yield = None
            self.context = replace(self.context, helper=helper)
            lines_there, self.call_lines = self.call_lines, lines
            try:
                if item.optional_vars is not None:
                    self.bind(item.optional_vars, value, self.scope)
                self._entered(rest, body)
            except Leaving as error:
                left.append(error)
            finally:
                self.at_yield, self.call_lines = outer, lines_there
                self._stand(there)

        from copy import copy

        function, args, kwargs = manager.args
        source = copy(function.node)
        source.decorator_list = []
        outer, self.at_yield = self.at_yield, inside
        try:
            plain = Function(source, function.scope, function.module)
            self.apply(plain, list(args), dict(kwargs), item.context_expr)
        finally:
            self.at_yield = outer
        if left:
            raise left[0]

    def _stand(self, place: tuple[dict[str, Any], Mapping[str, Any], Module]) -> None:
        self.scope, self.globals, self.module = place

    def yielded(self, value: Any, node: ast.Yield) -> Any:
        if self.at_yield is not None:
            self.at_yield(value)
        return self.unknown(node)
