"""The ledger: an append-only list of what happened to the schema, in the schema's database.

Epochs are given out as ``max(epoch) + 1`` by the INSERT itself rather than by a sequence:
a sequence lets a reader see 2 before 1 is committed and then miss 1 for ever, while here
the second writer waits for the first one's commit, on the primary key.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.schema import CreateColumn, CreateSchema, CreateTable

from ..errors import SharedLedger
from .clock import database_clock
from .entries import Entry
from .tables import LedgerTables, ledger_tables


class Ledger:
    """Read and write ``alembic_guard_change`` on a connection the caller owns.

    No method commits: a caller who wants the row to be visible at once hands in an
    autocommit connection, a migration hands in its own transaction.

    :param schema: the schema both tables live in; None is the connection's default.
    """

    def __init__(self, schema: str | None = None) -> None:
        self.schema = schema
        self.tables: LedgerTables = ledger_tables(schema)
        self._change = self.tables.change

    def exists(self, connection: sa.Connection) -> bool:
        """Whether both tables are there."""
        inspector = sa.inspect(connection)
        return all(
            inspector.has_table(table.name, schema=self.schema)
            for table in (self.tables.change, self.tables.app)
        )

    def ensure(self, connection: sa.Connection) -> None:
        """Create what is missing: schema, both tables, newer columns, the database uuid.

        :raises SharedLedger: the schema's ledger is that of another database.
        """
        self._ensure_schema(connection)
        for table in (self.tables.change, self.tables.app):
            self._ensure_table(connection, table)
        if self.newest_epoch(connection) == 0:
            owner = self._owner(connection)
            birth = Entry(phase="created", database_uuid=str(uuid.uuid4()), identity=owner)
            try:
                self.append(connection, birth)
            except IntegrityError:
                # another process was faster; its uuid is the database's
                if not self.newest_epoch(connection):
                    raise
        self._check_owner(connection)

    def _ensure_schema(self, connection: sa.Connection) -> None:
        if not self.schema or connection.dialect.name == "sqlite":
            return
        if not sa.inspect(connection).has_schema(self.schema):
            connection.execute(CreateSchema(self.schema, if_not_exists=True))

    def _owner(self, connection: sa.Connection) -> str | None:
        """The database a ledger in a schema of its own is about, where that may be another one.

        On MySQL and MariaDB a schema is a database, which all databases of a server can reach.
        """
        if self.schema and connection.dialect.name in ("mysql", "mariadb"):
            return connection.exec_driver_sql("SELECT DATABASE()").scalar()
        return None

    def _check_owner(self, connection: sa.Connection) -> None:
        mine = self._owner(connection)
        if mine is None:
            return
        born = sa.select(self._change.c.identity).where(self._change.c.phase == "created")
        owner = connection.execute(born.order_by(self._change.c.epoch.desc()).limit(1)).scalar()
        if owner not in (None, mine):
            raise SharedLedger(
                f"the ledger in {self.schema} is that of the database {owner}, and this is {mine}:"
                " each database needs a ledger_schema of its own, or none",
                schema=self.schema or "",
                owner=owner,
                database=mine,
            )

    def _ensure_table(self, connection: sa.Connection, table: sa.Table) -> None:
        inspector = sa.inspect(connection)
        if not inspector.has_table(table.name, schema=self.schema):
            try:
                connection.execute(CreateTable(table, if_not_exists=True))
            except DBAPIError:
                # PostgreSQL: two concurrent CREATE TABLE IF NOT EXISTS may collide
                if not sa.inspect(connection).has_table(table.name, schema=self.schema):
                    raise
            return
        present = {column["name"] for column in inspector.get_columns(table.name, self.schema)}
        for column in table.columns:
            if column.name not in present:
                self._add_column(connection, table, column)

    def _add_column(
        self, connection: sa.Connection, table: sa.Table, column: sa.Column[object]
    ) -> None:
        """Bring a table of an older version forward by one column."""
        compiler = connection.dialect.ddl_compiler(connection.dialect, None)  # type: ignore[arg-type]  # as Alembic does
        name = compiler.preparer.format_table(table)
        definition = CreateColumn(column).compile(dialect=connection.dialect)
        connection.exec_driver_sql(f"ALTER TABLE {name} ADD COLUMN {definition}")

    def append(self, connection: sa.Connection, entry: Entry) -> int:
        """Write one entry and return its epoch; the database's clock says when it was."""
        insert = self.insert_statement(entry)
        if connection.dialect.insert_returning:
            return int(connection.execute(insert.returning(self._change.c.epoch)).scalar_one())
        connection.execute(insert)
        return self.newest_epoch(connection)

    def append_and_notify(self, connection: sa.Connection, entry: Entry, channel: str) -> int:
        """`append` on PostgreSQL, with the NOTIFY that carries the epoch in one statement.

        It is delivered when the row becomes visible, neither before nor after.
        """
        insert = self.insert_statement(entry).returning(self._change.c.epoch).cte("written")
        notify = sa.func.pg_notify(channel, sa.cast(insert.c.epoch, sa.Text))
        return int(connection.execute(sa.select(insert.c.epoch, notify)).scalar_one())

    def insert_statement(self, entry: Entry, *, fallback_uuid: str | None = None) -> sa.Insert:
        """The INSERT that gives the entry its epoch, time and database uuid by itself.

        :param fallback_uuid: the database's uuid should the ledger have no row yet, for
            scripts that are written without looking at the database.
        """
        change = self._change
        values = {name: _literal(value) for name, value in entry.to_row().items()}
        epoch = sa.func.coalesce(sa.func.max(change.c.epoch), 0) + 1
        if entry.database_uuid:
            database_uuid: sa.ColumnElement[str] = sa.literal(entry.database_uuid)
        else:
            known = sa.func.max(change.c.database_uuid)
            given = fallback_uuid or str(uuid.uuid4())
            database_uuid = sa.func.coalesce(self._current_uuid(), known, given)
        names = ["epoch", "database_uuid", "at", *values]
        columns = [epoch, database_uuid, database_clock(), *values.values()]
        return sa.insert(change).from_select(names, sa.select(*columns))

    def _current_uuid(self) -> sa.ScalarSelect[str]:
        """The newest row's uuid: `announce --new-database` may have given a copy its own."""
        newest = self._change.alias()
        query = sa.select(newest.c.database_uuid).order_by(newest.c.epoch.desc()).limit(1)
        return query.scalar_subquery()

    def database_uuid(self, connection: sa.Connection) -> str | None:
        """The database's random uuid, or None while the ledger is empty."""
        return connection.execute(sa.select(self._current_uuid())).scalar()

    def newest_epoch(self, connection: sa.Connection) -> int:
        """The highest epoch; 0 while the ledger is empty. One index look-up."""
        return connection.execute(sa.select(sa.func.max(self._change.c.epoch))).scalar() or 0

    def newest_mark(self, connection: sa.Connection) -> tuple[int, float | None]:
        """The highest epoch and the time of its entry; one index look-up."""
        change = self._change.c
        query = sa.select(change.epoch, change.at).order_by(change.epoch.desc()).limit(1)
        row = connection.execute(query).first()
        return (row[0], row[1]) if row else (0, None)

    def newest(self, connection: sa.Connection, *phases: str) -> Entry | None:
        """The newest entry, or the newest of the given phases."""
        query = sa.select(self._change).order_by(self._change.c.epoch.desc()).limit(1)
        if phases:
            query = query.where(self._change.c.phase.in_(phases))
        row = connection.execute(query).mappings().first()
        return Entry.from_row(dict(row)) if row else None

    def read_since(self, connection: sa.Connection, epoch: int) -> list[Entry]:
        """Entries after `epoch`, oldest first.

        A first entry later than ``epoch + 1`` means that older ones were compacted away; a
        `newest_epoch` below `epoch` means that the database was restored from a backup.
        Either way the reader looks at everything.
        """
        query = sa.select(self._change).where(self._change.c.epoch > epoch).order_by("epoch")
        return [Entry.from_row(dict(row)) for row in connection.execute(query).mappings()]

    def clock(self, connection: sa.Connection) -> float:
        """Now by the database's clock: seconds since 1970."""
        return float(connection.execute(sa.select(database_clock())).scalar_one())

    def compact(self, connection: sa.Connection, keep: int) -> int:
        """Delete all but the newest `keep` (at least 1) entries and return how many went."""
        newest = self.newest_epoch(connection)
        old = self._change.c.epoch <= newest - max(keep, 1)
        return connection.execute(sa.delete(self._change).where(old)).rowcount


def _literal(value: Any) -> sa.ColumnElement[Any]:
    return sa.null() if value is None else sa.literal(value)


def is_gap(cursor: int, entries: Sequence[Entry]) -> bool:
    """Whether entries right after `cursor` are missing."""
    return bool(entries) and entries[0].epoch != cursor + 1
