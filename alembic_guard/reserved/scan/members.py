"""Read one class body: what kind of attribute each name is."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from .declared import AttributeFacts, AttributeKind, Span

Resolve = Callable[["ast.expr | None"], str]

_COLUMN_CALLS = {"Column", "mapped_column", "deferred", "column_property", "Field"}
_MAPPED_CALLS = {
    "relationship", "synonym", "composite", "association_proxy", "query_expression", "Relationship",
    "dynamic_loader", "backref",
}  # fmt: skip
_COMPUTED_CALLS = {"hybrid_property", "property"}
_OWNERS = {"MetaData", "registry"}
_MAPPED_ANNOTATIONS = {"Mapped", "DynamicMapped", "WriteOnlyMapped"}
_COMPUTED_DECORATORS = {
    "property", "cached_property", "hybrid_property", "hybrid_method", "memoized_property",
    "reify", "comparator", "expression",
}  # fmt: skip
_NOT_ELSEWHERE = (
    "rich.", "textual.", "prompt_toolkit.", "django.", "peewee.", "piccolo.", "tortoise.",
    "pyspark.", "polars.", "dataclasses.", "attrs.", "attr.",
)  # fmt: skip
_CONDITIONS = {ast.If, ast.Try, ast.With}
_MEANINGFUL = {"__tablename__", "__table__", "__abstract__", "model_config"}


class ClassBody(NamedTuple):
    """What one class body says: its names, and the values of those with a meaning of their own.

    `config` is the inner class ``Config`` of a Pydantic model.
    """

    attributes: dict[str, AttributeFacts]
    values: dict[str, ast.expr | None]
    config: ast.ClassDef | None


def read_body(node: ast.ClassDef, path: str, resolve: Resolve) -> ClassBody:
    """Every name the class body binds or annotates, the last binding winning."""
    found: dict[str, AttributeFacts] = {}
    values: dict[str, ast.expr | None] = {}
    config = None
    for statement in _flat(node.body):
        if type(statement) is ast.AnnAssign:
            target = statement.target
            if type(target) is ast.Name:
                fact = _annotated(statement, target, path, resolve)
                if fact is not None:
                    found[target.id] = fact
                if target.id in _MEANINGFUL:
                    values[target.id] = statement.value
        elif type(statement) is ast.Assign:
            for name in statement.targets:
                if type(name) is ast.Name:
                    kind, column = _value_kind(statement.value, resolve)
                    found[name.id] = AttributeFacts(name.id, kind, span_of(name, path), column)
                    if name.id in _MEANINGFUL:
                        values[name.id] = statement.value
        elif type(statement) is ast.FunctionDef or type(statement) is ast.AsyncFunctionDef:
            found[statement.name] = _function(statement, path, resolve)
        elif type(statement) is ast.ClassDef and statement.name == "Config":
            config = statement
    return ClassBody(found, values, config)


def dotted(node: ast.expr | None) -> str:
    """``a.b.c`` for names and attributes, without subscripts; empty for anything else."""
    if type(node) is ast.Subscript:
        node = node.value
    if type(node) is ast.Name:
        return node.id
    parts: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Subscript):
            node = node.value
        elif isinstance(node, ast.Name):
            parts.append(node.id)
            return ".".join(reversed(parts))
        else:
            return ""


def span_of(
    node: ast.expr | ast.stmt, path: str, width: int | None = None, *, at_end: bool = False
) -> Span:
    """The place of a node; with `at_end` only its last `width` characters."""
    end_line = node.end_lineno or node.lineno
    end = node.end_col_offset or node.col_offset
    if at_end and width is not None:
        return path, end_line, end - width + 1, end_line, end + 1
    return path, node.lineno, node.col_offset + 1, end_line, end + 1


def column_name(call: ast.Call) -> str | None:
    """The database name a column call gives: its first argument or ``name=``."""
    first = call.args[0] if call.args else None
    if type(first) is ast.Constant and isinstance(first.value, str):
        return first.value
    for item in call.keywords:
        if item.arg == "name" and isinstance(item.value, ast.Constant):
            return item.value.value if isinstance(item.value.value, str) else None
        if item.arg == "sa_column" and isinstance(item.value, ast.Call):
            return column_name(item.value)
        if item.arg == "sa_column_kwargs" and isinstance(item.value, ast.Dict):
            return _named_in(item.value)
    if type(first) is ast.Call and dotted(first.func).rpartition(".")[2] in _COLUMN_CALLS:
        return column_name(first)  # deferred(mapped_column("name")), not String("name")
    return None


def _named_in(node: ast.Dict) -> str | None:
    for key, value in zip(node.keys, node.values, strict=True):
        is_name = isinstance(key, ast.Constant) and key.value == "name"
        if is_name and isinstance(value, ast.Constant) and isinstance(value.value, str):
            return value.value
    return None


def _flat(statements: list[ast.stmt]) -> Iterable[ast.stmt]:
    """The statements of a class body, including those under conditions."""
    for statement in statements:
        if type(statement) in _CONDITIONS:
            return _unfolded(statements)
    return statements


def _unfolded(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in statements:
        if type(statement) in _CONDITIONS:
            yield from _unfolded(statement.body)  # type: ignore[attr-defined]  # all of them have one
            yield from _unfolded(getattr(statement, "orelse", []))
        else:
            yield statement


def _annotated(
    statement: ast.AnnAssign, target: ast.Name, path: str, resolve: Resolve
) -> AttributeFacts | None:
    annotation = _annotation_head(statement.annotation, resolve)
    value = statement.value
    if annotation == "ClassVar":
        return None
    if value is None:
        kind: AttributeKind = "annotation" if annotation in _MAPPED_ANNOTATIONS else "field"
        return AttributeFacts(target.id, kind, span_of(target, path), None, has_value=False)
    kind, column = _value_kind(value, resolve)
    if kind not in ("column", "relationship"):
        if annotation in _MAPPED_ANNOTATIONS:
            kind = "column"
        elif kind != "metadata":
            kind = "field"
    return AttributeFacts(target.id, kind, span_of(target, path), column)


def _annotation_head(node: ast.expr, resolve: Resolve) -> str:
    if type(node) is ast.Constant and isinstance(node.value, str):
        return node.value.partition("[")[0].strip().rpartition(".")[2]
    return resolve(node).rpartition(".")[2]


def _value_kind(value: ast.expr, resolve: Resolve) -> tuple[AttributeKind, str | None]:
    if type(value) is not ast.Call:
        return "other", None
    kind = _call_kind(resolve(value.func))
    return kind, column_name(value) if kind == "column" else None


@cache
def _call_kind(called: str) -> AttributeKind:
    last = called.rpartition(".")[2]
    if called.startswith(_NOT_ELSEWHERE):
        return "other"
    if last in _COLUMN_CALLS:
        return "column"
    if last in _MAPPED_CALLS:
        return "relationship"
    if last in _COMPUTED_CALLS:
        return "computed"
    return "metadata" if last in _OWNERS else "other"


def _function(
    node: ast.FunctionDef | ast.AsyncFunctionDef, path: str, resolve: Resolve
) -> AttributeFacts:
    start = node.col_offset + (4 if type(node) is ast.FunctionDef else 10)  # len("async def ")
    span = (path, node.lineno, start + 1, node.lineno, start + 1 + len(node.name))
    if not node.decorator_list:
        return AttributeFacts(node.name, "stub" if _is_stub(node) else "method", span)
    names = [
        resolve(item.func if isinstance(item, ast.Call) else item) for item in node.decorator_list
    ]
    if any("declared_attr" in name.split(".") for name in names):
        kind, column = _declared(node, resolve)
        return AttributeFacts(node.name, kind, span, column)
    if any(name.rpartition(".")[2] == "abstractmethod" for name in names) or _is_stub(node):
        return AttributeFacts(node.name, "stub", span)
    if any(name.rpartition(".")[2] in _COMPUTED_DECORATORS for name in names):
        return AttributeFacts(node.name, "computed", span)
    return AttributeFacts(node.name, "method", span)


def _declared(
    node: ast.FunctionDef | ast.AsyncFunctionDef, resolve: Resolve
) -> tuple[AttributeKind, str | None]:
    """What a ``declared_attr`` returns, judged by its last return statement."""
    for statement in reversed(node.body):
        if isinstance(statement, ast.Return) and statement.value is not None:
            return _value_kind(statement.value, resolve)
    return "other", None


def _is_stub(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the body is there to be overridden: nothing, NotImplementedError, an empty value."""
    for statement in node.body:
        if type(statement) is ast.Expr:
            if type(statement.value) is not ast.Constant:
                return False
        elif type(statement) is ast.Return:
            if not _is_empty(statement.value):
                return False
        elif type(statement) is ast.Raise:
            if "NotImplementedError" not in ast.dump(statement):
                return False
        elif type(statement) is not ast.Pass:
            return False
    return True


def _is_empty(node: ast.expr | None) -> bool:
    """Whether a method returns nothing worth keeping: None, False, an empty collection."""
    if node is None or isinstance(node, ast.Constant):
        return node is None or not node.value
    if isinstance(node, (ast.List, ast.Tuple)):
        return not node.elts
    return isinstance(node, ast.Dict) and not node.keys
