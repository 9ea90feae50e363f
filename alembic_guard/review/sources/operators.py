"""Operators: arithmetic, conditions, and the SQL expressions that are built by them."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from .builtin import format_percent
from .expressions import PLAIN, Expressions
from .values import VARYING, Obj, Unknown, concatenated, shown, truth

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: lambda a, b: a**b if abs(b) < 64 and abs(a) < 1 << 32 else Unknown("power"),
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
    ast.Is: lambda a, b: a is b,
    ast.IsNot: lambda a, b: a is not b,
}


class Operators(Expressions):
    """The part of the evaluator that applies operators."""

    def _binary(self, node: ast.BinOp) -> Any:
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        if isinstance(left, str):
            if isinstance(node.op, ast.Add):
                return concatenated([left, _part(right)])
            if isinstance(node.op, ast.Mod):
                return format_percent(left, right)
        if isinstance(right, str) and isinstance(node.op, ast.Add):
            return concatenated([_part(left), right])
        function = _BINARY.get(type(node.op))
        if function is None or not isinstance(left, PLAIN) or not isinstance(right, PLAIN):
            return self._symbolic(left, right, node)
        try:
            return function(left, right)
        except Exception:
            return self.unknown(node)

    def _unary(self, node: ast.UnaryOp) -> Any:
        value = self.evaluate(node.operand)
        if isinstance(node.op, ast.Not):
            known = truth(value)
            return self.unknown(node) if known is None else not known
        if isinstance(value, Obj):
            return Obj("@expression", (value,), {"source": self.module.describe(node)})
        if isinstance(node.op, ast.USub) and isinstance(value, (int, float)):
            return -value
        return self.unknown(node)

    def _boolean(self, node: ast.BoolOp) -> Any:
        """`and` and `or`, short-circuiting; one unknown part leaves the rest to decide."""
        decisive = isinstance(node.op, ast.Or)
        value: Any = None
        unknown = False
        for part in node.values:
            value = self.evaluate(part)
            known = truth(value)
            if known is None:
                unknown = True
            elif known is decisive and not (unknown and decisive and not isinstance(value, bool)):
                return value
        return self.unknown(node) if unknown else value

    def _compare(self, node: ast.Compare) -> Any:
        left = self.evaluate(node.left)
        result = True
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(right_node)
            if not _comparable(left) or not _comparable(right):
                return self._symbolic(left, right, node)
            try:
                result = result and bool(_COMPARE[type(op)](left, right))
            except Exception:
                return self.unknown(node)
            left = right
        return result

    def _conditional(self, node: ast.IfExp) -> Any:
        known = truth(self.evaluate(node.test))
        if known is None:
            left, right = self.evaluate(node.body), self.evaluate(node.orelse)
            if isinstance(left, PLAIN) and isinstance(right, PLAIN) and left == right:
                return left
            return left if isinstance(left, Obj) else self.unknown(node)
        return self.evaluate(node.body if known else node.orelse)


def _comparable(value: Any) -> bool:
    if isinstance(value, str) and "{" in value:
        return False
    if isinstance(value, VARYING):
        return False
    if isinstance(value, (list, tuple)):
        return all(_comparable(item) for item in value)
    return isinstance(value, PLAIN)


def _part(value: Any) -> str:
    return value if isinstance(value, str) else shown(value)
