"""The two sides as Alembic holds them, for claims to be held against.

Nothing is read before somebody claims something, and then only of the owners named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from alembic.util import sqla_compat
from sqlalchemy.dialects.postgresql.base import PGInspector

from ..facts import RenameKind
from ..renames.model import TableKey

_OPTIONAL = (NotImplementedError, sa.exc.NoSuchTableError)


class ModelNames:
    """Names in the models."""

    def __init__(self, autogen_context: AutogenContext) -> None:
        self._context = autogen_context
        self._dialect = autogen_context.dialect
        self._all = {
            self.key(table.schema, table.name): table
            for table in autogen_context.table_key_to_table.values()
        }
        metadata = autogen_context.metadata
        self._metadata = list(metadata) if isinstance(metadata, (list, tuple)) else [metadata]

    def key(self, schema: str | None, name: str) -> TableKey:
        """A key without the default schema."""
        return (None if schema == self._dialect.default_schema_name else schema, str(name))

    def tables(self) -> Iterator[tuple[TableKey, sa.Table]]:
        """All tables, whether compared or not, in the order of their names."""
        yield from sorted(self._all.items(), key=lambda item: (item[0][0] or "", item[0][1]))

    def is_hidden(self, key: TableKey) -> bool:
        """Whether ``include_object`` keeps a table of the models out of the comparison."""
        return key in self._all and key not in self._tables

    @cached_property
    def _tables(self) -> dict[TableKey, sa.Table]:
        return {
            key: table
            for key, table in self._all.items()
            if self._context.run_object_filters(table, table.name, "table", False, None)
        }

    def sequences(self) -> Iterator[tuple[TableKey, sa.Sequence]]:
        """All sequences of their own, in the order of their names."""
        for metadata in self._metadata:
            for _, sequence in sorted(getattr(metadata, "_sequences", {}).items()):
                yield self.key(sequence.schema, sequence.name), sequence

    def constraint_name(self, item: sa.Constraint | sa.Index) -> str | None:
        """The name in the database, naming conventions applied."""
        name = sqla_compat._get_constraint_final_name(item, self._dialect)
        return str(name) if name else None

    def enum_of(self, column: sa.Column[Any]) -> tuple[TableKey, sa.Enum] | None:
        """The named type in the database that a column uses, where there are such types."""
        type_ = column.type.item_type if isinstance(column.type, sa.ARRAY) else column.type
        if self._dialect.name != "postgresql" or not isinstance(type_, sa.Enum):
            return None
        if not type_.native_enum or not type_.name:
            return None
        schema = type_.schema or (type_.metadata.schema if type_.metadata is not None else None)
        return self.key(schema, type_.name), type_

    @cached_property
    def _enums(self) -> dict[TableKey, sa.Enum]:
        found = (self.enum_of(column) for table in self._tables.values() for column in table.c)
        return dict(item for item in found if item is not None)

    def keys(self, kind: RenameKind) -> frozenset[TableKey]:
        """Tables, sequences or enum types."""
        if kind == "table":
            return frozenset(self._tables)
        if kind == "sequence":
            return frozenset(key for key, _ in self.sequences())
        return frozenset(self._enums)

    def members(self, kind: RenameKind, owner: TableKey) -> frozenset[str]:
        """Columns, indexes or constraints of a table, or values of an enum type."""
        if kind == "enum_value":
            enum = self._enums.get(owner)
            return frozenset(map(str, enum.enums)) if enum is not None else frozenset()
        table = self._tables.get(owner)
        if table is None:
            return frozenset()
        if kind == "column":
            return frozenset(str(column.name) for column in table.columns)
        items = table.indexes if kind == "index" else table.constraints
        return frozenset(filter(None, map(self.constraint_name, items)))


class DatabaseNames:
    """Names in the database."""

    def __init__(self, autogen_context: AutogenContext, model: ModelNames) -> None:
        self._context = autogen_context
        self._inspector = autogen_context.inspector
        self._key = model.key
        self._read: dict[tuple[str, TableKey | None], frozenset[Any]] = {}

    def keys(self, kind: RenameKind) -> frozenset[TableKey]:
        """Tables, sequences or enum types."""
        return self._once(kind, None, lambda: self._keys(kind))

    def members(self, kind: RenameKind, owner: TableKey) -> frozenset[str]:
        """Columns, indexes or constraints of a table, or values of an enum type."""
        return self._once(kind, owner, lambda: self._members(kind, owner))

    def _once(
        self, kind: str, owner: TableKey | None, read: Callable[[], Iterator[Any]]
    ) -> frozenset[Any]:
        if (kind, owner) not in self._read:
            try:
                self._read[kind, owner] = frozenset(read())
            except _OPTIONAL:
                self._read[kind, owner] = frozenset()
        return self._read[kind, owner]

    def _keys(self, kind: RenameKind) -> Iterator[TableKey]:
        if kind == "enum_type":
            yield from (key for key, _ in self._enums())
            return
        inspector = self._inspector
        listed = inspector.get_table_names if kind == "table" else inspector.get_sequence_names
        for schema in self._schemas():
            for name in listed(schema=schema):
                if kind != "table" or not self._is_filtered(schema, name):
                    yield (schema, str(name))

    def _is_filtered(self, schema: str | None, name: str) -> bool:
        return not self._context.run_name_filters(name, "table", {"schema_name": schema})

    def is_hidden(self, key: TableKey) -> bool:
        """Whether ``include_name`` keeps a table of the database out of the comparison."""
        schema, name = key
        return self._is_filtered(schema, name) and self._inspector.has_table(name, schema=schema)

    def _schemas(self) -> list[str | None]:
        """The schemas that autogenerate compares."""
        if not self._context.opts.get("include_schemas"):
            return [None]
        inspector = self._inspector
        names = [name for name in inspector.get_schema_names() if name != "information_schema"]
        default = inspector.default_schema_name
        schemas = [None if name == default else name for name in names]
        return [name for name in schemas if self._context.run_name_filters(name, "schema", {})]

    def _enums(self) -> Iterator[tuple[TableKey, list[str]]]:
        if isinstance(self._inspector, PGInspector):
            for item in self._inspector.get_enums(schema="*"):
                yield self._key(item["schema"], item["name"]), item["labels"]

    def _members(self, kind: RenameKind, owner: TableKey) -> Iterator[str]:
        if kind == "enum_value":
            yield from dict(self._enums()).get(owner, ())
            return
        schema, table = owner
        if owner not in self.keys("table"):
            return
        inspector = self._inspector
        if kind == "column":
            yield from (column["name"] for column in inspector.get_columns(table, schema=schema))
            return
        reads: tuple[Callable[..., Any], ...] = (inspector.get_indexes,)
        if kind == "constraint":
            reads = (
                lambda table, schema: [inspector.get_pk_constraint(table, schema=schema)],
                inspector.get_unique_constraints,
                inspector.get_foreign_keys,
                inspector.get_check_constraints,
            )
        for read in reads:
            try:
                yield from (item["name"] for item in read(table, schema=schema) if item.get("name"))
            except _OPTIONAL:
                continue
