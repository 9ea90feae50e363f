"""Classes a revision writes for itself: records of names, enums, and helpers that keep a state.

``for index in INDEXES: op.create_index(index.name, index.table, ...)`` says which tables are
meant only to those who know what the instances hold.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .values import Class, Function, Obj, Ref, Unknown

if TYPE_CHECKING:
    from .interpreter import Interpreter

_ENUMS = frozenset(["Enum", "StrEnum", "IntEnum"])
_NAMED_TUPLE = "typing.NamedTuple"
_PROPERTIES = frozenset(["property", "cached_property"])


class Row(tuple[Any, ...]):
    """An instance of a named tuple."""

    cls: Class
    names: Sequence[str]

    @classmethod
    def of(cls, kind: Class, values: Mapping[str, Any]) -> Row:
        """A row of `kind` with these values."""
        row = cls(values.values())
        row.cls, row.names = kind, tuple(values)
        return row

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self.names, self, strict=True))

    def _replace(self, **changes: Any) -> Row:
        return Row.of(self.cls, {**self._asdict(), **changes})


def named_tuple(name: Any, fields: Any) -> Class | None:
    """``namedtuple("Rename", "table old new")`` and its relatives."""
    if isinstance(fields, str):
        fields = str(fields).replace(",", " ").split()
    if not isinstance(fields, (list, tuple)):
        return None
    names = [field[0] if isinstance(field, tuple) else field for field in fields]
    if not all(isinstance(field, str) for field in names):
        return None
    return Class(str(name), (Ref(_NAMED_TUPLE),), {}, tuple(map(str, names)))


def make(
    run: Interpreter, cls: Class, args: list[Any], kwargs: dict[str, Any], node: ast.AST
) -> Any:
    """What calling a class gives."""
    if is_enum(cls):
        return args[0] if len(args) == 1 else run.unknown(node)
    made = Obj("@instance", (cls,), {}, getattr(node, "lineno", 0))
    written = inherited(cls, "__init__")
    names = list(fields(cls))
    if isinstance(written, Function):
        run.apply(_bound(written, made), args, kwargs, node)
    elif names:
        values = dict(zip(names, args, strict=False)) | kwargs
        values = {n: values[n] if n in values else _default(run, cls, n, node) for n in names}
        if any(isinstance(b, Ref) and b.last == "NamedTuple" for b in _all_bases(cls)):
            return Row.of(cls, values)
        made.kwargs.update(values)  # type: ignore[attr-defined]  # the dict made above
        after = inherited(cls, "__post_init__")
        if isinstance(after, Function):
            run.apply(_bound(after, made), [], {}, node)
    else:
        run.doubt(node)
        made.kwargs.update(kwargs)  # type: ignore[attr-defined]
    return made


def instance_attribute(run: Interpreter, owner: Obj | Row, name: str, node: ast.AST) -> Any:
    """``instance.name``: its own value, else what its class has, a property read."""
    own = owner._asdict() if isinstance(owner, Row) else owner.kwargs
    if name in own:
        return own[name]
    cls: Class = owner.cls if isinstance(owner, Row) else owner.args[0]
    value = inherited(cls, name)
    if not isinstance(value, Function):
        return value if value is not None else Unknown(name)
    marks = _decorators(value)
    if "staticmethod" in marks:
        return value
    bound = _bound(value, cls if "classmethod" in marks else owner)
    return run.apply(bound, [], {}, node) if marks & _PROPERTIES else bound


def class_attribute(cls: Class, name: str) -> Any:
    """``Class.name``, None when neither it nor its bases have it."""
    value = inherited(cls, name)
    if isinstance(value, Function) and "classmethod" in _decorators(value):
        return _bound(value, cls)
    return value


def inherited(cls: Class, name: str) -> Any:
    """An attribute of the class or of the classes it inherits from, as far as they are here."""
    if name in cls.values:
        return cls.values[name]
    found = (inherited(base, name) for base in cls.bases if isinstance(base, Class))
    return next((value for value in found if value is not None), None)


def fields(cls: Class) -> Iterator[str]:
    """The annotated names of a class, those of its bases first."""
    own = [name for base in cls.bases if isinstance(base, Class) for name in fields(base)]
    yield from dict.fromkeys([*own, *cls.fields])


def is_enum(cls: Class) -> bool:
    """Whether it is an enum; its members are represented by their values."""
    return any(isinstance(base, Ref) and base.last in _ENUMS for base in _all_bases(cls))


def members(cls: Class) -> list[Any]:
    """The values of an enum's members."""
    return [
        value
        for name, value in cls.values.items()
        if not name.startswith("_") and not isinstance(value, Function)
    ]


def _default(run: Interpreter, cls: Class, name: str, node: ast.AST) -> Any:
    value = inherited(cls, name)
    if isinstance(value, Obj) and value.last == "field":
        if "default_factory" in value.kwargs:
            return run.apply(value.kwargs["default_factory"], [], {}, node)
        value = value.kwargs.get("default")
    return value if value is not None or name in cls.values else Unknown(name)


def _bound(function: Function, owner: Any) -> Function:
    return Function(function.node, function.scope, function.module, bound=owner)


def _decorators(function: Function) -> set[str]:
    nodes = getattr(function.node, "decorator_list", ())
    return {getattr(node, "id", "") or getattr(node, "attr", "") for node in nodes}


def _all_bases(cls: Class) -> Iterator[Any]:
    for base in cls.bases:
        yield base
        if isinstance(base, Class):
            yield from _all_bases(base)
