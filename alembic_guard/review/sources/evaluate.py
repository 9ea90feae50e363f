"""Evaluate expressions as far as they are known without running anything."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

from .builtin import METHODS_OF, PYTHON_BUILTINS
from .comprehensions import Comprehensions
from .expressions import PLAIN
from .module import run_lengths
from .operators import Operators
from .records import Row, class_attribute, instance_attribute
from .values import (
    Class,
    Function,
    Method,
    Obj,
    Ref,
    Text,
    Unknown,
    concatenated,
    shown,
)

_STARS = ("sqlalchemy.*", "alembic.op.*")
"""Modules of which all names are known to matter, however they were imported."""
_OPERATION = re.compile(
    r"(?:add|alter|batch|bulk|create|drop|rename|get)_\w+|execute|f|inline_literal"
)
"""Names that are more likely Alembic's than SQLAlchemy's."""


class Evaluator(Operators, Comprehensions):
    """Expressions; statements and calls are added by `interpreter.Interpreter`."""

    def evaluate(self, node: ast.expr) -> Any:
        """The value of an expression, `Unknown` when it cannot be told."""
        try:
            handler = _EXPRESSIONS[type(node)]
        except KeyError:
            return self.unknown(node)
        return handler(self, node)

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
        stars = scope.get("*", self.globals.get("*"))
        if stars:
            for star in _STARS[::-1] if _OPERATION.fullmatch(name) else _STARS:
                if star in stars:
                    return Ref(f"{star[:-1]}{name}")
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
            found = class_attribute(owner, name)
            if found is None and name not in owner.values:
                return Obj(f"@class.{name}", base=Obj("@class", (owner,)), attr=name)
            return found
        if isinstance(owner, Row):
            if name in ("_asdict", "_replace"):
                return Method(owner, name)
            return instance_attribute(self, owner, name, node)  # type: ignore[arg-type]  # the whole one
        if name == "value" and isinstance(owner, (str, int)):
            return owner  # a member of an enum
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
