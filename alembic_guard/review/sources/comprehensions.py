"""Comprehensions, and binding the names that an assignment or a loop gives."""

from __future__ import annotations

import ast
import contextlib
from typing import Any

from .expressions import Expressions
from .records import is_enum, members
from .values import Class, Obj, Unknown, truth

MANY = 1000


class Comprehensions(Expressions):
    """The part of the evaluator that binds names and goes through items."""

    def bind(self, target: ast.expr, value: Any, scope: dict[str, Any]) -> None:
        """Assign to a name, a tuple of names, an item or an attribute."""
        if isinstance(target, ast.Name):
            scope[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            items = iterable(value)
            known = items is not None and len(items) == len(target.elts)
            for index, part in enumerate(target.elts):
                item = items[index] if known and items is not None else self.unknown(part)
                self.bind(part, item, scope)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, value, scope)
        elif isinstance(target, ast.Subscript):
            self._set_item(target, value)
        elif isinstance(target, ast.Attribute):
            self._set_attribute(target, value)

    def _set_attribute(self, target: ast.Attribute, value: Any) -> None:
        owner = self.evaluate(target.value)
        if isinstance(owner, Obj) and owner.path == "@instance":
            uncertain = self.context.conditional or self.context.loop
            owner.kwargs[target.attr] = Unknown(target.attr) if uncertain else value  # type: ignore[index]  # its own

    def _set_item(self, target: ast.Subscript, value: Any) -> None:
        owner, key = self.evaluate(target.value), self.evaluate(target.slice)
        if isinstance(owner, (dict, list)):
            with contextlib.suppress(TypeError, IndexError):
                owner[key] = value

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Any:
        if (many := self._many(node)) is not None:
            return many
        rounds = self._rounds(node.generators)
        if rounds is None:
            return self.unknown(node)
        return [self._within(names, node.elt) for names in rounds]

    def _many(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> list[Any] | None:
        """A comprehension over very many items: its first value, as often as there are items."""
        generator = node.generators[0]
        if len(node.generators) > 1 or generator.ifs or not isinstance(generator.iter, ast.Call):
            return None
        items = self.evaluate(generator.iter)
        if not isinstance(items, (range, list, tuple)) or not MANY < len(items) < 10_000_000:
            return None
        names: dict[str, Any] = {}
        self.bind(generator.target, items[0], names)
        return [self._within(names, node.elt)] * len(items)

    def _dict_comprehension(self, node: ast.DictComp) -> Any:
        rounds = self._rounds(node.generators)
        if rounds is None:
            return self.unknown(node)
        result = {}
        for names in rounds:
            try:
                result[self._within(names, node.key)] = self._within(names, node.value)
            except TypeError:
                return self.unknown(node)
        return result

    def _within(self, names: dict[str, Any], node: ast.expr) -> Any:
        outer = self.scope
        self.scope = {**outer, **names}
        try:
            return self.evaluate(node)
        finally:
            self.scope = outer

    def _rounds(self, generators: list[ast.comprehension]) -> list[dict[str, Any]] | None:
        """The names bound in each round of a comprehension, None when they are not known."""
        rounds: list[dict[str, Any]] = [{}]
        for generator in generators:
            following: list[dict[str, Any]] = []
            for names in rounds:
                items = iterable(self._within(names, generator.iter))
                if items is None or len(items) * len(rounds) > 2000:
                    return None
                for item in items:
                    bound = dict(names)
                    self.bind(generator.target, item, bound)
                    if all(truth(self._within(bound, test)) is not False for test in generator.ifs):
                        following.append(bound)
            rounds = following
        return rounds


def iterable(value: Any) -> list[Any] | None:
    """The items of a known container, None when they are not known."""
    if isinstance(value, (list, tuple, set, frozenset, range)):
        return list(value) if len(value) <= 5000 else None
    if isinstance(value, dict):
        return list(value)
    if isinstance(value, str) and "{" not in value:
        return list(value)
    if isinstance(value, Class) and is_enum(value):
        return members(value)
    return None
