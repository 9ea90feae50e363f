"""Evaluate expressions as far as they are known without running anything."""

from __future__ import annotations

import ast
import contextlib
import operator
from collections.abc import Callable, Mapping
from typing import Any

from .builtin import METHODS_OF, PYTHON_BUILTINS, format_percent
from .module import Module, run_lengths
from .values import (
    VARYING,
    Class,
    Function,
    Method,
    Obj,
    Ref,
    Text,
    Unknown,
    concatenated,
    shown,
    truth,
)

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
MANY = 1000
_STARS = ("sqlalchemy.*", "alembic.op.*")
"""Modules of which all names are known to matter, however they were imported."""
PLAIN = (str, int, float, bool, type(None), bytes, list, tuple, dict, set, frozenset, range)


class Evaluator:
    """Expressions; statements and calls are added by `interpreter.Interpreter`."""

    module: Module
    scope: dict[str, Any]
    globals: Mapping[str, Any]
    unsure = 0
    """The first line whose effect is not certain, 0 when all is."""

    def evaluate(self, node: ast.expr) -> Any:
        """The value of an expression, `Unknown` when it cannot be told."""
        try:
            handler = _EXPRESSIONS[type(node)]
        except KeyError:
            return self.unknown(node)
        return handler(self, node)

    def doubt(self, node: ast.AST) -> None:
        """Note that only running the migration tells what this does."""
        self.unsure = self.unsure or getattr(node, "lineno", 1)

    def unknown(self, node: ast.AST, cause: str = "") -> Unknown:
        self.doubt(node)
        return Unknown(self.module.describe(node), cause)

    def call(self, node: ast.Call) -> Any:
        """What a call gives; overridden by the interpreter."""
        return self.unknown(node)

    def apply(self, function: Any, args: list[Any], kwargs: dict[str, Any], node: ast.AST) -> Any:
        """Call a value; overridden by the interpreter."""
        return self.unknown(node)

    # names and literals

    def _constant(self, node: ast.Constant) -> Any:
        value = node.value
        if type(value) is not str:
            return value
        if node.lineno == node.end_lineno:
            return Text(value, ((0, node.lineno),))
        return self.module.text(node)

    def _name(self, node: ast.Name) -> Any:
        name = node.id
        scope = self.scope
        if name in scope:
            return scope[name]
        if name in self.globals:
            return self.globals[name]
        if name in PYTHON_BUILTINS:
            return Ref(f"builtins.{name}")
        star = self.scope.get("*", self.globals.get("*"))
        if isinstance(star, Ref) and star.path in _STARS:
            return Ref(f"{star.path[:-1]}{name}")
        self.doubt(node)
        return Unknown(name)

    def _joined(self, node: ast.JoinedStr) -> Any:
        lines = self.module.formatted_lines(node)
        used, line, parts = 0, node.lineno, []
        for value in node.values:
            if isinstance(value, ast.Constant):
                text = str(value.value)
                if lines is not None and used + len(text) <= len(lines):
                    own = lines[used : used + len(text)]
                    used += len(text)
                    line = own[-1] if own else line
                    parts.append(Text(text, run_lengths(own)))
                else:
                    parts.append(Text(text, ((0, line),)))
            else:
                part = self._formatted(value)  # type: ignore[arg-type]  # the only other kind
                parts.append(Text(part, ((0, line),)))
        return concatenated(parts)

    def _formatted(self, node: ast.FormattedValue) -> str:
        value = self.evaluate(node.value)
        if isinstance(value, Unknown):
            source = value.source if value.cause else self.module.describe(node.value)
            return "{" + source.replace("{", "(").replace("}", ")") + "}"
        if isinstance(value, (Obj, Ref, Function, Class, Method)):
            self.doubt(node.value)
            return shown(text_of(value) if isinstance(value, Obj) else value)
        if node.conversion == ord("r"):
            return repr(str(value) if isinstance(value, str) else value)
        if node.format_spec is not None:
            spec = self.evaluate(node.format_spec)
            try:
                return format(value, str(spec))
            except (ValueError, TypeError):
                return shown(value)
        return shown(value) if isinstance(value, str) else str(value)

    # containers

    def _list(self, node: ast.List | ast.Tuple | ast.Set) -> Any:
        values: list[Any] = []
        for item in node.elts:
            if isinstance(item, ast.Starred):
                inner = self.evaluate(item.value)
                values.extend(inner if isinstance(inner, (list, tuple)) else [inner])
            else:
                values.append(self.evaluate(item))
        if isinstance(node, ast.Tuple):
            return tuple(values)
        return values

    def _dict(self, node: ast.Dict) -> Any:
        result: dict[Any, Any] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                inner = self.evaluate(value)
                if isinstance(inner, dict):
                    result.update(inner)
                continue
            known = self.evaluate(key)
            try:
                result[known] = self.evaluate(value)
            except TypeError:
                return self.unknown(node)
        return result

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

    def _set_item(self, target: ast.Subscript, value: Any) -> None:
        owner, key = self.evaluate(target.value), self.evaluate(target.slice)
        if isinstance(owner, (dict, list)):
            with contextlib.suppress(TypeError, IndexError):
                owner[key] = value

    # operators

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

    def _symbolic(self, left: Any, right: Any, node: ast.expr) -> Any:
        """An SQL expression built by operators, such as ``users.c.id == 3``."""
        if isinstance(left, Obj) or isinstance(right, Obj):
            return Obj("@expression", (left, right), {"source": self.module.describe(node)})
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

    def _subscript(self, node: ast.Subscript) -> Any:
        owner = self.evaluate(node.value)
        if isinstance(node.slice, ast.Slice):
            return self._slice(owner, node)
        key = self.evaluate(node.slice)
        if isinstance(owner, Ref) and owner.path == "@globals" and isinstance(key, str):
            return self.apply(Ref("builtins.eval"), [key], {}, node)
        if isinstance(owner, (list, tuple, str, dict)):
            try:
                found = owner[key]
            except Exception:
                return self.unknown(node)
            return Text(found, owner.marks[:1]) if isinstance(owner, Text) else found
        if isinstance(owner, Ref) and owner.path == "os.environ":
            return self.apply(Ref("os.getenv"), [key], {}, node)
        if isinstance(owner, Obj) or (isinstance(owner, Ref) and owner.last == "tables"):
            return Obj("@item", (key,), base=owner, attr="@item", line=node.lineno)
        return self.unknown(node)

    def _slice(self, owner: Any, node: ast.Subscript) -> Any:
        part = node.slice
        assert isinstance(part, ast.Slice)
        bounds = [
            self.evaluate(x) if x is not None else None for x in (part.lower, part.upper, part.step)
        ]
        if isinstance(owner, (list, tuple, str)) and all(
            b is None or isinstance(b, int) for b in bounds
        ):
            found = owner[slice(*bounds)]
            return Text(str(found), owner.marks[:1]) if isinstance(owner, Text) else found
        return self.unknown(node)

    def _attribute(self, node: ast.Attribute) -> Any:
        return self.attribute(self.evaluate(node.value), node.attr, node)

    def attribute(self, owner: Any, name: str, node: ast.AST) -> Any:
        """``owner.name``."""
        if isinstance(owner, Ref):
            return owner.member(name)
        if isinstance(owner, Obj):
            return self.object_attribute(owner, name, node)
        if isinstance(owner, Class):
            return owner.values.get(
                name, Obj(f"@class.{name}", base=Obj("@class", (owner,)), attr=name)
            )
        if isinstance(owner, PLAIN) and name in METHODS_OF.get(type_name(owner), ()):
            return Method(owner, name)
        cause = owner.cause if isinstance(owner, Unknown) else ""
        return self.unknown(node, cause)

    def object_attribute(self, owner: Obj, name: str, node: ast.AST) -> Any:
        """An attribute of a symbolic object; overridden by the interpreter."""
        return Obj(f"{owner.path}.{name}", base=owner, attr=name, line=getattr(node, "lineno", 0))

    def _lambda(self, node: ast.Lambda) -> Any:
        return Function(node, {**self.globals, **self.scope}, self.module)

    def _named(self, node: ast.NamedExpr) -> Any:
        value = self.evaluate(node.value)
        self.scope[node.target.id] = value
        return value

    def _starred(self, node: ast.Starred) -> Any:
        return self.evaluate(node.value)

    def _awaited(self, node: ast.Await) -> Any:
        return self.evaluate(node.value)

    def _yield(self, node: ast.Yield) -> Any:
        return self.yielded(self.evaluate(node.value) if node.value is not None else None, node)

    def yielded(self, value: Any, node: ast.Yield) -> Any:
        """What a `yield` gives; overridden where `with` blocks are walked."""
        return self.unknown(node)

    def _call(self, node: ast.Call) -> Any:
        if not node.args and isinstance(node.func, ast.Name) and node.func.id == "globals":
            return Ref("@globals")
        return self.call(node)


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


def type_name(value: Any) -> str:
    """The Python type whose methods a plain value has."""
    for kind in (str, list, dict):
        if isinstance(value, kind):
            return kind.__name__
    return type(value).__name__


def text_of(value: Obj) -> Any:
    """The SQL of `sa.text("...")`, else the object."""
    if (
        value.last in ("text", "literal_column", "DDL", "quoted_name", "f", "inline_literal")
        and value.args
    ):
        return value.args[0]
    return value


def iterable(value: Any) -> list[Any] | None:
    """The items of a known container, None when they are not known."""
    if isinstance(value, (list, tuple, set, frozenset, range)):
        return list(value) if len(value) <= 5000 else None
    if isinstance(value, dict):
        return list(value)
    if isinstance(value, str) and "{" not in value:
        return list(value)
    return None


_EXPRESSIONS: dict[type[ast.expr], Callable[[Any, Any], Any]] = {
    ast.Constant: Evaluator._constant,
    ast.Name: Evaluator._name,
    ast.JoinedStr: Evaluator._joined,
    ast.List: Evaluator._list,
    ast.Tuple: Evaluator._list,
    ast.Set: Evaluator._list,
    ast.Dict: Evaluator._dict,
    ast.ListComp: Evaluator._comprehension,
    ast.SetComp: Evaluator._comprehension,
    ast.GeneratorExp: Evaluator._comprehension,
    ast.DictComp: Evaluator._dict_comprehension,
    ast.BinOp: Evaluator._binary,
    ast.UnaryOp: Evaluator._unary,
    ast.BoolOp: Evaluator._boolean,
    ast.Compare: Evaluator._compare,
    ast.IfExp: Evaluator._conditional,
    ast.Subscript: Evaluator._subscript,
    ast.Attribute: Evaluator._attribute,
    ast.Lambda: Evaluator._lambda,
    ast.NamedExpr: Evaluator._named,
    ast.Starred: Evaluator._starred,
    ast.Await: Evaluator._awaited,
    ast.Yield: Evaluator._yield,
    ast.Call: Evaluator._call,
}
