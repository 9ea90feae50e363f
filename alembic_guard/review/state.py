"""The schema as each revision finds it, built up along the chain.

A rule asks it what is known before a statement runs: was this table created above, is this a
widening, was the NOT NULL already proved by a validated CHECK. What the chain never said is
`None`: unknown, not absent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ..record import field, mutable_record
from .knowledge.not_null import says_not_null
from .specs import ColumnSpec, ConstraintKind, ConstraintSpec, IndexSpec, TypeSpec


@mutable_record
class Constraint:
    """A constraint with what happened to it: `validated` in which revision."""

    spec: ConstraintSpec
    name: str
    valid: bool = True
    added_in: str | None = None
    validated_in: str | None = None

    @property
    def kind(self) -> ConstraintKind:
        return self.spec.kind

    def copy(self) -> Constraint:
        """Another of the same."""
        return Constraint(self.spec, self.name, self.valid, self.added_in, self.validated_in)


@mutable_record
class Table:
    """A table.

    :param created_in: id of the revision that creates it, None when it was there before the chain.
    :param complete: False when only the parts revisions mentioned are known.
    :param transaction: number of the transaction that created it, in that revision.
    :param default_partition: it takes the rows of `partition_of` that belong nowhere else.
    """

    name: str
    columns: dict[str, ColumnSpec] = field(default_factory=dict)
    constraints: dict[str, Constraint] = field(default_factory=dict)
    indexes: dict[str, IndexSpec] = field(default_factory=dict)
    created_in: str | None = None
    complete: bool = False
    transaction: int = 0
    temporary: bool = False
    unlogged: bool = False
    partition_of: str | None = None
    partitioned: bool = False
    default_partition: bool = False
    former_names: tuple[str, ...] = ()

    def copy(self) -> Table:
        """An independent copy; the values in it are frozen. `replace` takes seven times as long."""
        return Table(
            self.name,
            dict(self.columns),
            {key: constraint.copy() for key, constraint in self.constraints.items()},
            dict(self.indexes),
            self.created_in,
            self.complete,
            self.transaction,
            self.temporary,
            self.unlogged,
            self.partition_of,
            self.partitioned,
            self.default_partition,
            self.former_names,
        )

    def constraint(self, name: str | None) -> Constraint | None:
        """A constraint by name, whatever its kind."""
        return self.constraints.get(name) if name is not None else None

    def of_kind(self, kind: ConstraintKind) -> Iterator[Constraint]:
        """The constraints of one kind."""
        return (found for found in self.constraints.values() if found.kind == kind)

    def primary_key(self) -> tuple[str, ...]:
        """The key's columns, empty when not known."""
        for found in self.of_kind("primary"):
            if found.spec.columns:
                return found.spec.columns
        return tuple(name for name, column in self.columns.items() if column.primary_key)

    def proves_not_null(self, column: str) -> Constraint | None:
        """A CHECK (or NOT NULL) constraint that says this column is not null, valid or not yet."""
        for found in self.constraints.values():
            if found.kind == "not_null" and column in found.spec.columns:
                return found
            if found.kind == "check" and says_not_null(found.spec.expression, column):
                return found
        return None


@mutable_record
class EnumType:
    """A database enum type and its members."""

    name: str
    values: tuple[str, ...]
    created_in: str | None = None
    kind: Literal["enum", "domain", "other"] = "enum"
    added_values: tuple[tuple[str, str, int], ...] = ()
    """Values added later: value, revision id, transaction number."""


class Schema:
    """Tables, types and views as known at one point of the chain.

    Copies share tables until one of them changes a table (copy on write), so that branches of
    the history stay cheap.
    """

    def __init__(self) -> None:
        self._tables: dict[str, Table] = {}
        self._owned: set[str] = set()
        self.types: dict[str, EnumType] = {}
        self.views: dict[str, str] = {}
        self.index_tables: dict[str, str] = {}
        self.row_security: set[str] = set()
        self.policies: set[str] = set()
        self.dropped_tables: set[str] = set()

    def copy(self) -> Schema:
        """An independent copy."""
        other = Schema()
        other._tables = dict(self._tables)
        self._owned = set()
        other.types = dict(self.types)
        other.views = dict(self.views)
        other.index_tables = dict(self.index_tables)
        other.row_security = set(self.row_security)
        other.policies = set(self.policies)
        other.dropped_tables = set(self.dropped_tables)
        return other

    def table(self, name: str | None) -> Table | None:
        """What is known of a table, None when nothing is. Do not change it: see `change`."""
        return self._tables.get(name) if name is not None else None

    def column(self, table: str, column: str) -> ColumnSpec | None:
        """What is known of a column."""
        found = self._tables.get(table)
        return found.columns.get(column) if found is not None else None

    def column_type(self, table: str, column: str) -> TypeSpec | None:
        """The type of a column, None when the chain never said."""
        found = self.column(table, column)
        return found.type if found is not None else None

    def index_table(self, index: str | None) -> str | None:
        """The table an index belongs to, by the index's name."""
        return self.index_tables.get(index) if index is not None else None

    def index(self, name: str | None) -> IndexSpec | None:
        """An index by its name."""
        table = self.table(self.index_table(name))
        return table.indexes.get(name) if table is not None and name is not None else None

    def tables(self) -> Iterator[Table]:
        """All tables known."""
        return iter(self._tables.values())

    def change(self, name: str) -> Table:
        """The table to change, made known if it was not."""
        table = self._tables.get(name)
        if table is None:
            table = self._tables[name] = Table(name)
            self._owned.add(name)
        elif name not in self._owned:
            table = self._tables[name] = table.copy()
            self._owned.add(name)
        return table

    def put(self, table: Table) -> None:
        """Add a table, or replace one."""
        self._tables[table.name] = table
        self._owned.add(table.name)

    def lend(self, name: str, other: Schema) -> Table | None:
        """Give another schema the table; whichever changes it first makes a copy."""
        table = self._tables.get(name)
        if table is not None:
            self._owned.discard(name)
            other._tables[name] = table
        return table

    def remove(self, name: str) -> Table | None:
        """Forget a table."""
        self._owned.discard(name)
        return self._tables.pop(name, None)
