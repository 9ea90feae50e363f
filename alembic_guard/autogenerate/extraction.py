"""Facts of the database and of the models, in the words of `renames.model`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from alembic.util import sqla_compat
from sqlalchemy.engine import Dialect

from ..renames.model import (
    ColumnFacts,
    ConstraintFacts,
    EnumFacts,
    ForeignKeyFacts,
    TableFacts,
    TableKey,
)
from ..renames.types import normalise_type
from .expressions import normal_text, rendered
from .index_facts import declared_index, reflected_index
from .reflection import RenamedInspector

_NO_ACTION = {"no action", "none", ""}


def type_facts(type_: sa.types.TypeEngine[Any], dialect: Dialect) -> tuple[str, str]:
    """``(type, family)`` as the dialect spells the type; a named enum is its own family."""
    enum = enum_facts(type_, dialect)
    if enum is not None:
        return f"enum {enum.name}", "enum"
    if isinstance(type_, sa.ARRAY):
        return type_facts(type_.item_type, dialect)[0] + "[]", "array"
    try:
        return normalise_type(type_.compile(dialect=dialect))
    except Exception:
        return normalise_type(type(type_).__name__)


def enum_facts(type_: sa.types.TypeEngine[Any], dialect: Dialect) -> EnumFacts | None:
    """The enum type of a column where it has a name in the database, as on PostgreSQL."""
    if isinstance(type_, sa.ARRAY):
        return enum_facts(type_.item_type, dialect)
    if not isinstance(type_, sa.Enum) or dialect.name != "postgresql":
        return None
    if not type_.native_enum or not type_.name:
        return None
    return EnumFacts(_schema(type_.schema, dialect), str(type_.name), tuple(type_.enums))


def _schema(schema: str | None, dialect: Dialect) -> str | None:
    return None if schema == dialect.default_schema_name else schema


_NEXT = re.compile(
    r"nextval\('(?:(?:\w+|\"[^\"]+\")\.)?\"?([^\"']+?)\"?'::regclass\)", re.IGNORECASE
)


def _sequence_in(default: object) -> str | None:
    """The sequence a default draws from, as PostgreSQL spells it."""
    match = _NEXT.search("" if default is None else str(default))
    return match[1] if match else None


def _sequence_of(column: sa.Column[Any]) -> str | None:
    """The sequence a model names itself."""
    if isinstance(column.default, sa.Sequence):
        return str(column.default.name)
    default = column.server_default
    return _sequence_in(default.arg) if isinstance(default, sa.DefaultClause) else None


def _options(found: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """``ondelete``, ``onupdate`` and when it is checked; what is the default is left out."""
    options = {
        key: str(value).lower()
        for key, value in found.items()
        if key in ("ondelete", "onupdate") and value is not None
    }
    deferred = str(found.get("initially") or "").lower() == "deferred"
    if deferred or found.get("deferrable"):
        options["deferrable"] = "initially deferred" if deferred else "yes"
    return tuple(sorted((key, text) for key, text in options.items() if text not in _NO_ACTION))


class DatabaseReader:
    """Reads tables as they are in the database now."""

    def __init__(self, inspector: RenamedInspector, dialect: Dialect) -> None:
        self.inspector = inspector
        self.dialect = dialect

    def tables(self, keys: Collection[TableKey]) -> list[TableFacts]:
        """Facts of several tables, schema by schema."""
        by_schema: dict[str | None, list[str]] = {}
        for schema, name in sorted(keys, key=lambda key: (key[0] or "", key[1])):
            by_schema.setdefault(schema, []).append(name)
        return [
            table for schema, names in by_schema.items() for table in self._tables_of(schema, names)
        ]

    def _tables_of(self, schema: str | None, names: list[str]) -> Iterable[TableFacts]:
        read = {kind: self._raw(kind, schema, names) for kind in (
            "columns", "pk_constraint", "foreign_keys", "indexes", "unique_constraints",
            "check_constraints", "table_comment",
        )}  # fmt: skip
        for name in names:
            yield self._table((schema, name), {kind: items.get((schema, name))
                                               for kind, items in read.items()})  # fmt: skip

    def _raw(self, kind: str, schema: str | None, names: list[str]) -> dict[TableKey, Any]:
        try:
            return self.inspector.raw(kind, schema, names, names)
        except NotImplementedError:
            return {}

    def _table(self, key: TableKey, found: Mapping[str, Any]) -> TableFacts:
        primary = found["pk_constraint"] or {}
        uniques = found["unique_constraints"] or []
        indexes = found["indexes"] or []
        twins = {item["name"] for item in uniques}
        return TableFacts(
            schema=key[0],
            name=key[1],
            columns=tuple(self._column(item) for item in found["columns"] or []),
            primary_key=ConstraintFacts(
                "primary_key", primary.get("name"), tuple(primary["constrained_columns"])
            )
            if primary.get("constrained_columns")
            else None,
            foreign_keys=tuple(self._foreign_key(item) for item in found["foreign_keys"] or []),
            uniques=tuple(
                ConstraintFacts("unique", item["name"], tuple(item["column_names"]))
                for item in uniques
            ),
            indexes=tuple(
                reflected_index(item, self.dialect)
                for item in indexes
                if item["name"] not in twins and item["name"]
            ),
            checks=tuple(
                ConstraintFacts("check", item["name"], (), normal_text(item["sqltext"]))
                for item in found["check_constraints"] or []
            ),
            comment=(found["table_comment"] or {}).get("text"),
        )

    def _column(self, item: Mapping[str, Any]) -> ColumnFacts:
        type_, family = type_facts(item["type"], self.dialect)
        default = item.get("default")
        return ColumnFacts(
            name=item["name"],
            type=type_,
            family=family,
            nullable=bool(item.get("nullable", True)),
            default=normal_text(default),
            comment=item.get("comment") or None,
            computed=normal_text((item.get("computed") or {}).get("sqltext")),
            identity=bool(item.get("identity")),
            autoincrement=item.get("autoincrement") is True
            or "nextval(" in str(default or "").lower(),
            enum=enum_facts(item["type"], self.dialect),
            sequence=_sequence_in(default),
        )

    def _foreign_key(self, item: Mapping[str, Any]) -> ForeignKeyFacts:
        return ForeignKeyFacts(
            name=item.get("name"),
            columns=tuple(item["constrained_columns"]),
            target=(item.get("referred_schema"), item["referred_table"]),
            target_columns=tuple(item["referred_columns"]),
            options=_options(item.get("options") or {}),
        )


class ModelReader:
    """Reads tables as the models want them."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def table(self, table: sa.Table) -> TableFacts:
        """Facts of one table."""
        constraints = sorted(table.constraints, key=lambda item: str(item.name or ""))
        return TableFacts(
            schema=_schema(table.schema, self.dialect),
            name=str(table.name),
            columns=tuple(self._column(column) for column in table.columns if not column.system),
            primary_key=ConstraintFacts(
                "primary_key",
                self.name_of(table.primary_key),
                tuple(column.name for column in table.primary_key.columns),
                is_conventional=not isinstance(table.primary_key.name, str)
                or isinstance(table.primary_key.name, sa.sql.elements.conv),
            )
            if len(table.primary_key.columns)
            else None,
            foreign_keys=tuple(
                self._foreign_key(item)
                for item in constraints
                if isinstance(item, sa.ForeignKeyConstraint)
            ),
            uniques=tuple(
                ConstraintFacts(
                    "unique", self.name_of(item), tuple(column.name for column in item.columns)
                )
                for item in constraints
                if isinstance(item, sa.UniqueConstraint)
            ),
            indexes=tuple(
                declared_index(item, self.name_of(item) or "", self.dialect)
                for item in sorted(table.indexes, key=lambda index: str(index.name))
            ),
            checks=tuple(
                ConstraintFacts(
                    "check",
                    self.name_of(item),
                    (),
                    normal_text(rendered(item.sqltext, self.dialect)),
                )
                for item in constraints
                if isinstance(item, sa.CheckConstraint) and item.name is not None
            ),
            comment=table.comment,
        )

    def compared_names(self, table: sa.Table) -> set[str | None]:
        """Names of the indexes and unique constraints, which Alembic compares by name."""
        names = {self.name_of(index) for index in table.indexes}
        names |= {
            self.name_of(item)
            for item in table.constraints
            if isinstance(item, sa.UniqueConstraint)
        }
        return names - {None}

    def foreign_key_names(self, table: sa.Table) -> set[str | None]:
        """Names the models give to foreign keys."""
        return {
            self.name_of(key) for key in table.foreign_key_constraints if key.name is not None
        } - {None}

    def name_of(self, item: sa.Constraint | sa.Index) -> str | None:
        """The name the database will know, after naming convention and truncation."""
        name = sqla_compat._get_constraint_final_name(item, self.dialect)
        return None if name is None else str(name)

    def _column(self, column: sa.Column[Any]) -> ColumnFacts:
        type_, family = type_facts(column.type, self.dialect)
        default = column.server_default
        text = None
        if isinstance(default, sa.DefaultClause):
            text = normal_text(rendered(default.arg, self.dialect))
        return ColumnFacts(
            name=str(column.name),
            type=type_,
            family=family,
            nullable=bool(column.nullable),
            default=text,
            comment=column.comment,
            computed=normal_text(rendered(column.computed.sqltext, self.dialect))
            if column.computed is not None
            else None,
            identity=column.identity is not None,
            # Before SQLAlchemy 2.0.4 the property has no public name.
            autoincrement=column is column.table._autoincrement_column,
            enum=enum_facts(column.type, self.dialect),
            sequence=_sequence_of(column),
        )

    def _foreign_key(self, item: sa.ForeignKeyConstraint) -> ForeignKeyFacts:
        targets = [_target_of(element) for element in item.elements]
        schema, table, _column = targets[0]
        return ForeignKeyFacts(
            name=self.name_of(item),
            columns=tuple(column.name for column in item.columns),
            target=(_schema(schema, self.dialect), table),
            target_columns=tuple(column for _, _, column in targets),
            options=_options(
                {
                    key: getattr(item, key)
                    for key in ("ondelete", "onupdate", "deferrable", "initially")
                }
            ),
        )


def _target_of(element: sa.ForeignKey) -> tuple[str | None, str, str]:
    """Schema, table and column a foreign key names, without resolving it where it cannot be."""
    try:
        column = element.column
    except sa.exc.NoReferenceError:
        path, _, name = element.target_fullname.rpartition(".")
        schema, _, table_name = path.rpartition(".")
        return schema or None, table_name, name
    table = column.table
    return getattr(table, "schema", None), str(getattr(table, "name", "")), str(column.name)
