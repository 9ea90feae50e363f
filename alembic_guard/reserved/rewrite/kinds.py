"""What an expression is known to be: an instance of a class, a list of them, a query..."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Shape = Literal[
    "instance", "class", "many", "mapping", "statement", "rows", "scalars", "tuple", "dml",
    "table", "columns", "function", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """A shape with the class it is about, or with inner kinds.

    ``many`` is anything one iterates over, ``rows`` a Result, ``scalars`` a ScalarResult,
    ``dml`` an insert, update or delete; ``other`` is known to be something else.
    """

    shape: Shape
    name: str = ""
    inner: tuple[Kind | None, ...] = ()

    @property
    def element(self) -> Kind | None:
        return self.inner[0] if self.inner else None


OTHER = Kind("other")

_TRANSPARENT = {
    "Optional", "Mapped", "Annotated", "Awaitable", "Coroutine", "Final", "Required", "NotRequired",
    "DynamicMapped", "WriteOnlyMapped", "ClassVar",
}  # fmt: skip
_MANY = {
    "list", "List", "set", "Set", "frozenset", "FrozenSet", "tuple", "Tuple", "Sequence",
    "Iterable", "Iterator", "Collection", "AsyncIterator", "AsyncIterable", "Generator",
    "AsyncGenerator", "AbstractSet", "MutableSequence", "deque",
}  # fmt: skip
_MAPPINGS = {"dict", "Dict", "Mapping", "MutableMapping", "defaultdict"}
_RESULTS = {"ScalarResult": "scalars", "AsyncScalarResult": "scalars", "Select": "statement",
            "Query": "statement"}  # fmt: skip


def many(kind: Kind | None) -> Kind | None:
    """An iterable of `kind`, unknown when that is."""
    return None if kind is None else Kind("many", inner=(kind,))


def from_annotation(node: ast.expr | None, classes: Mapping[str, str]) -> Kind | None:
    """The kind an annotation promises for a value, None when it says nothing we know.

    :param classes: each name a class goes by in this file, with the class's own name.
    """
    if isinstance(node, ast.Constant):
        if node.value is None:
            return None
        return _from_text(node.value, classes) if isinstance(node.value, str) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _one_of([node.left, node.right], classes)
    if isinstance(node, ast.Subscript):
        return _from_subscript(node, classes)
    name = last_name(node)
    if name in classes and (isinstance(node, ast.Name) or classes[name] == name):
        return Kind("instance", classes[name])
    return OTHER if name in _PLAIN else None


_PLAIN = {
    "str",
    "int",
    "float",
    "bool",
    "bytes",
    "dict",
    "list",
    "datetime",
    "UUID",
    "Decimal",
    "MetaData",
}


def last_name(node: ast.expr | None) -> str:
    """``SessionRecord`` of ``models.SessionRecord``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _from_text(text: str, classes: Mapping[str, str]) -> Kind | None:
    try:
        return from_annotation(ast.parse(text, mode="eval").body, classes)
    except SyntaxError:
        return None


def _from_subscript(node: ast.Subscript, classes: Mapping[str, str]) -> Kind | None:
    outer = last_name(node.value)
    items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if not items:  # tuple[()]
        return None
    if outer in _TRANSPARENT:
        return from_annotation(items[-1 if outer == "Coroutine" else 0], classes)
    if outer == "Union":
        return _one_of(items, classes)
    if outer in ("type", "Type"):
        inner = from_annotation(items[0], classes)
        return Kind("class", inner.name) if inner and inner.shape == "instance" else None
    if outer in _MAPPINGS and len(items) == 2:
        inner = from_annotation(items[1], classes)
        return Kind("mapping", inner=(inner,)) if inner else OTHER
    if outer in ("tuple", "Tuple") and not _is_endless(items):
        return Kind("tuple", inner=tuple(from_annotation(item, classes) for item in items))
    if outer in _MANY:
        return many(from_annotation(items[0], classes))
    if outer in _RESULTS:
        inner = from_annotation(items[0], classes)
        inner = inner.element if inner is not None and inner.shape == "tuple" else inner
        return Kind(_RESULTS[outer], inner=(inner,)) if inner else None  # type: ignore[arg-type]  # shapes
    return None


def _is_endless(items: list[ast.expr]) -> bool:
    """Whether this is ``tuple[X, ...]``."""
    last = items[-1]
    return len(items) == 2 and isinstance(last, ast.Constant) and last.value is Ellipsis


def _one_of(nodes: list[ast.expr], classes: Mapping[str, str]) -> Kind | None:
    """The single class of a union with None; a union of two classes is not certain."""
    rest = [node for node in nodes if not (isinstance(node, ast.Constant) and node.value is None)]
    kinds = {from_annotation(node, classes) for node in rest}
    return kinds.pop() if len(kinds) == 1 else None
