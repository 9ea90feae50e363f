"""Columns a mixin declares and SQLAlchemy does not map: no error, no warning, no column.

An annotation ``metadata: Mapped[dict]`` on a mixin loses against any attribute of that name
further down the line, and so does everything on a mixin listed after the Declarative base.
"""

from __future__ import annotations

import contextlib
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, get_origin

from sqlalchemy import Column, MetaData, event
from sqlalchemy.orm import Mapped, MappedColumn, Mapper, mapperlib, registry

from ..facts import Finding, Location
from .names import RULES
from .suggest import suggest_names

_MAPPED_TEXT = re.compile(r"^(?:[\w.]+\.)?(?:Mapped|DynamicMapped|WriteOnlyMapped)\[")


@dataclass(frozen=True, slots=True)
class LostColumn:
    """A column that class `declared_on` declares for `model` and that `model` does not have."""

    model: type[Any]
    declared_on: type[Any]
    name: str
    hidden_by: type[Any] | None

    @property
    def column(self) -> str:
        """The column name autogenerate will plan to drop."""
        value = self.declared_on.__dict__.get(self.name)
        column = value.column if isinstance(value, MappedColumn) else value
        return (column.name if isinstance(column, Column) else None) or self.name

    def finding(self) -> Finding:
        """This loss in words, with the class statement as its place."""
        table = getattr(self.model, "__tablename__", None)
        new = next(iter(suggest_names(self.name, table)), f"{self.name}_")
        rule = RULES["unmapped"]
        owner = self.hidden_by.__name__ if self.hidden_by else "SQLAlchemy's own names"
        return Finding(
            rule.code,
            rule.name,
            "error",
            f"{self.model.__name__} is mapped without {self.declared_on.__name__}.{self.name}: "
            f"{owner} hides it, without an error; autogenerate would plan to DROP the column",
            _class_location(self.declared_on),
            f'Call it {new} = mapped_column("{self.column}", ...) to keep the column, or without '
            f'"{self.column}" to rename it ({rule.documented})',
            objects=(self.model.__name__, self.name),
        )


def lost_columns(mapper: Mapper[Any]) -> Iterator[LostColumn]:
    """The declared and unmapped columns of one mapped class."""
    model = mapper.class_
    lineage = [owner for owner in model.__mro__ if owner is not object]
    excluded = set(getattr(mapper, "exclude_properties", None) or ())
    for owner in lineage:
        if owner is not model and _is_mapped(owner):
            continue
        for name in _declared_names(owner, is_mixin=owner is not model):
            if name in excluded or mapper.has_property(name):
                continue
            hidden_by = next((other for other in lineage if _binds(other, owner, name)), None)
            if hidden_by is model and owner is not model:
                continue  # the model itself took the name back: a deliberate override
            yield LostColumn(model, owner, name, None if hidden_by is owner else hidden_by)


def mappers_of(target: Any = None) -> list[Mapper[Any]]:
    """Mappers of a Declarative base, a registry or a MetaData; of everything when None."""
    own = getattr(target, "registry", target)
    if isinstance(own, registry):
        found: Iterable[Mapper[Any]] = _made(own)
    else:
        found = (item for each in mapperlib._all_registries() for item in _made(each))
    if isinstance(target, MetaData):
        found = (item for item in found if getattr(item.local_table, "metadata", None) is target)
    return sorted(found, key=lambda item: (item.class_.__module__, item.class_.__qualname__))


@contextlib.contextmanager
def watch_mappings(report: Callable[[LostColumn], None]) -> Iterator[None]:
    """Report each lost column as soon as its class is mapped, while the block runs.

    Needs the event ``after_mapper_constructed`` (SQLAlchemy 2.0.2); before that the classes
    mapped meanwhile are looked at when the block ends.
    """
    known = {id(item) for item in mappers_of()}

    def constructed(mapper: Mapper[Any], class_: type[Any]) -> None:
        known.add(id(mapper))
        for lost in lost_columns(mapper):
            report(lost)

    try:
        event.listen(Mapper, "after_mapper_constructed", constructed)
    except Exception:
        yield
        for mapper in mappers_of():
            if id(mapper) not in known:
                constructed(mapper, mapper.class_)
        return
    try:
        yield
    finally:
        event.remove(Mapper, "after_mapper_constructed", constructed)


def _made(owner: registry) -> Iterator[Mapper[Any]]:
    """The mappers of a registry; ``registry.mappers`` fails on a class that died half-way."""
    for manager in list(owner._managers):
        if manager.is_mapped:
            yield manager.mapper


def _declared_names(owner: type[Any], *, is_mixin: bool) -> list[str]:
    """Column-like names in the class's own body; for a model only those the scan skips."""
    names = [
        name for name, value in vars(owner).items() if isinstance(value, (MappedColumn, Column))
    ]
    if is_mixin:
        names += [
            name
            for name, annotation in _annotations(owner).items()
            if name not in vars(owner) and _is_mapped_annotation(annotation)
        ]
    return [name for name in dict.fromkeys(names) if name != "__table__"]


def _annotations(owner: type[Any]) -> dict[str, Any]:
    try:
        return inspect.get_annotations(owner)
    except NameError:  # Python 3.14 evaluates lazily and a name may exist for type checkers only
        import annotationlib  # type: ignore[import-not-found]  # exists there

        return dict(annotationlib.get_annotations(owner, format=annotationlib.Format.FORWARDREF))


def _is_mapped_annotation(annotation: Any) -> bool:
    if isinstance(annotation, str):
        return bool(_MAPPED_TEXT.match(annotation.strip()))
    origin = get_origin(annotation)
    return isinstance(origin, type) and issubclass(origin, Mapped)


def _is_mapped(owner: type[Any]) -> bool:
    return "__mapper__" in vars(owner)


def _binds(other: type[Any], owner: type[Any], name: str) -> bool:
    return name in vars(other) and not (other is owner and not isinstance(
        vars(other)[name], (MappedColumn, Column)
    ))  # fmt: skip


def _class_location(owner: type[Any]) -> Location:
    try:
        path = inspect.getsourcefile(owner) or ""
        return Location(path, inspect.getsourcelines(owner)[1])
    except (OSError, TypeError):
        return Location("", 1)
