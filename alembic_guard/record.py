"""Small values that cost little to define, to make and to pass between processes.

`dataclasses` would do the same, but importing it takes as long as starting Python (it needs
`inspect`), and it compiles six methods a class whether they are used or not. Here `__init__` is
compiled when the first value of a class is made, and the rest is not compiled at all. mypy sees
dataclasses, and `dataclasses.replace`, `fields` and `asdict` accept these classes.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

Kind = TypeVar("Kind")
Value = TypeVar("Value")

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: Any) -> Callable[[Kind], Kind]:
        """Say nothing: only mypy listens."""
        return lambda decorator: decorator


_REQUIRED: Any = object()


class _Field(NamedTuple):
    """How one attribute is filled and whether it takes part in comparison and display."""

    default: Any = _REQUIRED
    default_factory: Callable[[], Any] | None = None
    compare: bool = True
    repr: bool = True


def field(
    *,
    default: Any = _REQUIRED,
    default_factory: Callable[[], Any] | None = None,
    compare: bool = True,
    repr: bool = True,
) -> Any:
    """What `dataclasses.field` says, as far as records need it."""
    return _Field(default, default_factory, compare, repr)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen_record(kind: type[Kind]) -> type[Kind]:
    """Attributes in slots that cannot be set again; compared and hashed by them."""
    made = _made(kind, frozen=True, compared=True)
    made.__hash__ = _hash  # type: ignore[method-assign]
    return made


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(kind: type[Kind]) -> type[Kind]:
    """The same, frozen for mypy only: a guard makes a value take three times as long to make."""
    made = _made(kind, frozen=False, compared=True)
    made.__hash__ = _hash  # type: ignore[method-assign]
    return made


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(field,))
def plain_record(kind: type[Kind]) -> type[Kind]:
    """One that is only equal to itself."""
    return _made(kind, frozen=False, compared=False)


@dataclass_transform(field_specifiers=(field,))
def mutable_record(kind: type[Kind]) -> type[Kind]:
    """One whose attributes may change; compared by them, and not hashable."""
    made = _made(kind, frozen=False, compared=True)
    made.__hash__ = None  # type: ignore[method-assign,assignment]
    return made


def replace(value: Value, /, **changes: Any) -> Value:
    """A copy of a record with some attributes changed.

    :raises TypeError: an attribute does not exist.
    """
    kind: Any = type(value)
    for name in kind.__match_args__:
        if name not in changes:
            changes[name] = getattr(value, name)
    return cast(Value, kind(**changes))


class _DataclassFields:
    """``__dataclass_fields__``, made when somebody asks for it."""

    def __get__(self, instance: Any, owner: type[Any]) -> dict[str, Any]:
        import dataclasses

        specs = []
        for name, item in owner.__record_fields__.items():
            options: dict[str, Any] = {"compare": item.compare, "repr": item.repr}
            if item.default_factory is not None:
                options["default_factory"] = item.default_factory
            elif item.default is not _REQUIRED:
                options["default"] = item.default
            specs.append((name, owner.__record_types__[name], dataclasses.field(**options)))
        # Its own rules about which defaults are safe, and which follow which, were met already.
        twin: Any = dataclasses.make_dataclass(owner.__name__, specs)
        return cast("dict[str, Any]", twin.__dataclass_fields__)


_DATACLASS_FIELDS: Any = _DataclassFields()


def _made(kind: type[Kind], *, frozen: bool, compared: bool) -> type[Kind]:
    """The class again, with slots for what its body annotates."""
    own = {k: t for k, t in kind.__annotations__.items() if not str(t).startswith("ClassVar")}
    fields: dict[str, _Field] = dict(getattr(kind, "__record_fields__", {}))
    body = {k: v for k, v in kind.__dict__.items() if k not in ("__dict__", "__weakref__")}
    for name in own:
        default = body.pop(name, _REQUIRED)
        fields[name] = default if isinstance(default, _Field) else _Field(default)
    body["__slots__"] = tuple(own)
    body["__record_fields__"] = fields
    body["__record_types__"] = {**getattr(kind, "__record_types__", {}), **own}
    body["__match_args__"] = tuple(fields)
    body["__dataclass_fields__"] = _DATACLASS_FIELDS
    body["__reduce__"] = _reducer(tuple(fields))
    body.setdefault("__repr__", _repr)
    if compared:
        get = attrgetter(*(name for name, item in fields.items() if item.compare))
        body["__record_key__"] = staticmethod(get)
        body.setdefault("__eq__", _eq)
    if frozen:
        body["__setattr__"] = body["__delattr__"] = _refuse
    maker: Any = type(kind)
    made = maker(kind.__name__, kind.__bases__, body)
    made.__qualname__ = kind.__qualname__
    made.__init__ = _first_init(made, fields, frozen)
    return cast("type[Kind]", made)


def _first_init(made: Any, fields: dict[str, _Field], frozen: bool) -> Callable[..., None]:
    """An `__init__` that compiles the real one, takes its place and hands over to it."""

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        made.__init__ = _compiled_init(made, fields, frozen)
        made.__init__(self, *args, **kwargs)

    return init


def _compiled_init(made: Any, fields: dict[str, _Field], frozen: bool) -> Callable[..., None]:
    scope: dict[str, Any] = {"_REQUIRED": _REQUIRED}
    parameters, lines = ["self"], []
    for name, item in fields.items():
        value = name
        if item.default_factory is not None:
            scope[f"_make_{name}"] = item.default_factory
            parameters.append(f"{name}=_REQUIRED")
            value = f"_make_{name}() if {name} is _REQUIRED else {name}"
        elif item.default is not _REQUIRED:
            scope[f"_default_{name}"] = item.default
            parameters.append(f"{name}=_default_{name}")
        else:
            parameters.append(name)
        if frozen:
            scope[f"_set_{name}"] = getattr(made, name).__set__
            lines.append(f" _set_{name}(self, {value})")
        else:
            lines.append(f" self.{name} = {value}")
    body = "\n".join(lines) or " pass"
    exec(f"def __init__({', '.join(parameters)}):\n{body}", scope)  # our own names
    init: Callable[..., None] = scope["__init__"]
    init.__qualname__ = f"{made.__qualname__}.__init__"
    return init


def _reducer(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, tuple[Any, ...]]]:
    """`__reduce__` by the constructor's arguments: less to write than a state by name."""
    if len(names) == 1:
        only = attrgetter(names[0])
        return lambda self: (type(self), (only(self),))
    if not names:
        return lambda self: (type(self), ())
    get = attrgetter(*names)
    return lambda self: (type(self), get(self))


def _eq(self: Any, other: Any) -> Any:
    if type(self) is not type(other):
        return NotImplemented
    return self.__record_key__(self) == self.__record_key__(other)


def _hash(self: Any) -> int:
    return hash(self.__record_key__(self))


def _repr(self: Any) -> str:
    shown = (
        f"{name}={getattr(self, name)!r}"
        for name, item in type(self).__record_fields__.items()
        if item.repr
    )
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse(self: Any, name: str, *value: Any) -> None:
    raise AttributeError(f"cannot assign to field {name!r}")
