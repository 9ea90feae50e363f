"""What is known of tables on either side, before anything is compared.

`before` is the database, `after` the models. Types are normalised strings with a family,
so that both sides can be compared without SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

TableKey = tuple[str | None, str]
ConstraintKind = Literal["primary_key", "unique", "foreign_key", "check"]


@dataclass(frozen=True, slots=True)
class EnumFacts:
    """A named enum type, values in order."""

    schema: str | None
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """One column: `type` is normalised (``varchar(40)``), `family` groups what casts freely.

    :param sequence: what the default draws from; on the models' side only one they name.
    """

    name: str
    type: str
    family: str
    nullable: bool = True
    default: str | None = None
    comment: str | None = None
    computed: str | None = None
    identity: bool = False
    autoincrement: bool = False
    enum: EnumFacts | None = None
    sequence: str | None = None


@dataclass(frozen=True, slots=True)
class ForeignKeyFacts:
    """A foreign key; `options` holds ``ondelete`` and the like, lower case, defaults left out."""

    name: str | None
    columns: tuple[str, ...]
    target: TableKey
    target_columns: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class IndexFacts:
    """An index; an expression stands in `columns` as its text, `extra` holds the rest."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ConstraintFacts:
    """A primary key, unique or check constraint; `text` is the condition of a check.

    :param is_conventional: whether a naming convention of the models made the name.
    """

    kind: ConstraintKind
    name: str | None
    columns: tuple[str, ...] = ()
    text: str | None = None
    is_conventional: bool = False


@dataclass(frozen=True, slots=True)
class TableFacts:
    """One table, its columns in the order of its side."""

    schema: str | None
    name: str
    columns: tuple[ColumnFacts, ...]
    primary_key: ConstraintFacts | None = None
    foreign_keys: tuple[ForeignKeyFacts, ...] = ()
    uniques: tuple[ConstraintFacts, ...] = ()
    indexes: tuple[IndexFacts, ...] = ()
    checks: tuple[ConstraintFacts, ...] = ()
    comment: str | None = None

    @property
    def key(self) -> TableKey:
        """Schema and name."""
        return (self.schema, self.name)

    def column_names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def by_name(self) -> dict[str, ColumnFacts]:
        """The columns by name."""
        return {column.name: column for column in self.columns}


@dataclass(frozen=True, slots=True)
class SchemaFacts:
    """All tables of one side."""

    tables: tuple[TableFacts, ...]

    def by_key(self) -> dict[TableKey, TableFacts]:
        """The tables by schema and name."""
        return {table.key: table for table in self.tables}

    def enums(self) -> dict[TableKey, EnumFacts]:
        """The enum types that columns use."""
        return {
            (column.enum.schema, column.enum.name): column.enum
            for table in self.tables
            for column in table.columns
            if column.enum is not None
        }


@dataclass(frozen=True, slots=True)
class NameMap:
    """Old names to new ones, as far as they are decided.

    :param tables: old key -> new key.
    :param columns: *old* table key -> {old column: new column}.
    """

    tables: Mapping[TableKey, TableKey] = field(default_factory=dict)
    columns: Mapping[TableKey, Mapping[str, str]] = field(default_factory=dict)

    def table(self, key: TableKey) -> TableKey:
        """The new key of an old table."""
        return self.tables.get(key, key)

    def column(self, table: TableKey, name: str) -> str:
        """The new name of a column of an old table."""
        return self.columns.get(table, {}).get(name, name)
