"""What a watcher looks after: tables and mappers, from whatever the program has at hand."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any, Protocol, Union

from sqlalchemy import Column, MetaData, Table
from sqlalchemy.orm import Mapper, registry

from ..ledger import OWN_TABLES


class _Declarative(Protocol):
    metadata: Any


Target = Union[MetaData, "registry", type[_Declarative], Any]


class Targets:
    """Tables and mappers behind bases, registries and metadata, read anew each time.

    Models may be imported and mapped after the watcher was made, so nothing is copied.
    """

    def __init__(self, *targets: Target) -> None:
        self._metadata: list[MetaData] = []
        self._registries: list[registry] = []
        self.automaps: list[Any] = []
        self._protected: tuple[tuple[int, int], dict[Column[Any], str]] | None = None
        for target in _flat(targets):
            self._take(target)
        if not self._metadata:
            raise TypeError(
                "a watcher needs the models it looks after: SchemaWatcher(engine, Base)"
            )

    def _take(self, target: Any) -> None:
        if isinstance(target, MetaData):
            self._metadata.append(target)
            return
        if isinstance(target, registry):
            self._registries.append(target)
            self._metadata.append(target.metadata)
            return
        model = getattr(target, "Model", None)  # the `db` object of Flask-SQLAlchemy
        if model is not None and isinstance(getattr(target, "metadatas", None), dict):
            target = model
        metadata = getattr(target, "metadata", None)
        own = getattr(target, "registry", None) or getattr(target, "_sa_registry", None)
        if not isinstance(metadata, MetaData):
            raise TypeError(
                f"{target!r} is not a declarative base, a registry or a MetaData; "
                "pass what your models derive from, such as Base"
            )
        self._metadata.append(metadata)
        if isinstance(own, registry):
            self._registries.append(own)
        if _is_automap(target):
            self.automaps.append(target)

    @property
    def metadata(self) -> tuple[MetaData, ...]:
        """Every MetaData handed over, by itself or behind a base."""
        return tuple(self._metadata)

    def tables(self) -> list[Table]:
        """Every table once, without the two alembic_guard owns."""
        found = {
            id(table): table
            for metadata in self._metadata
            for table in list(metadata.tables.values())
            if table.name not in OWN_TABLES
        }
        return list(found.values())

    def mappers(self) -> list[Mapper[Any]]:
        """Every mapper of the tables, also of registries nobody named."""
        tables = {id(table) for table in self.tables()}
        found = {id(m): m for r in self._registries for m in list(r.mappers)}
        for other in _all_registries():
            for mapper in list(other.mappers):
                if id(mapper.local_table) in tables:
                    found[id(mapper)] = mapper
        return list(found.values())

    def protected_columns(self) -> dict[Column[Any], str]:
        """Columns that must never read as NULL, and why."""
        size = (len(self.tables()), len(self.mappers()))
        if self._protected is None or self._protected[0] != size:
            self._protected = (size, self._find_protected())
        return self._protected[1]

    def _find_protected(self) -> dict[Column[Any], str]:
        protected: dict[Column[Any], str] = {}
        for table in self.tables():
            for column in table.columns:
                if column.primary_key:
                    protected[column] = "it is part of the primary key"
                for key in column.foreign_keys:
                    referred = _referred(key)
                    if referred is not None:
                        protected.setdefault(referred, "a foreign key refers to it")
        for mapper in self.mappers():
            if isinstance(mapper.polymorphic_on, Column):
                protected.setdefault(mapper.polymorphic_on, "it tells which class a row is")
            if isinstance(mapper.version_id_col, Column):
                protected.setdefault(mapper.version_id_col, "it counts the row's versions")
        return protected


def _flat(targets: Iterable[Any]) -> Iterator[Any]:
    for target in targets:
        if isinstance(target, (list, tuple, set, frozenset)):
            yield from _flat(target)
        else:
            yield target


def _is_automap(target: Any) -> bool:
    """Whether it is an automap base, without importing automap to find out."""
    automap = sys.modules.get("sqlalchemy.ext.automap")
    return (
        automap is not None and isinstance(target, type) and issubclass(target, automap.AutomapBase)
    )


def _referred(key: Any) -> Column[Any] | None:
    try:
        column = key.column
    except Exception:
        return None  # its table is not imported
    return column if isinstance(column, Column) else None


def _all_registries() -> Iterable[registry]:
    """Every registry alive; imperative mappings have no base class to hand in."""
    from sqlalchemy.orm import mapperlib

    find = getattr(mapperlib, "_all_registries", None)
    return list(find()) if find is not None else ()
