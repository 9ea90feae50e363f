"""Run revisions statement by statement and look into `pg_locks` after each."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.engine import URL, Connection

from ..history import History
from .gate import MODES, Gate, mode_name
from .scratch import scratch_copy

_LOCKS = sa.text(
    "SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND granted AND locktype = 'relation'"
)
_TABLES = sa.text(
    """
    SELECT c.oid, n.nspname, c.relname, pg_relation_filenode(c.oid) FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm', 'v')
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    """
)
_NEIGHBOURS = sa.text(
    """
    WITH named AS (
        SELECT coalesce(i.indrelid, c.oid) AS oid FROM pg_class c
        LEFT JOIN pg_index i ON i.indexrelid = c.oid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
          AND position(lower(c.relname) in lower(:statement)) > 0
    ), related AS (
        SELECT oid FROM named
        UNION SELECT confrelid FROM pg_constraint JOIN named ON conrelid = named.oid WHERE contype = 'f'
        UNION SELECT conrelid FROM pg_constraint JOIN named ON confrelid = named.oid WHERE contype = 'f'
        UNION SELECT inhrelid FROM pg_inherits JOIN named ON inhparent = named.oid
        UNION SELECT inhparent FROM pg_inherits JOIN named ON inhrelid = named.oid
        UNION SELECT refobjid FROM pg_depend JOIN pg_rewrite ON pg_rewrite.oid = objid
            JOIN named ON ev_class = named.oid WHERE refclassid = 'pg_class'::regclass
    )
    SELECT oid, oid::regclass::text FROM pg_class
    WHERE oid IN (SELECT oid FROM related) AND relkind IN ('r', 'p') ORDER BY 1 LIMIT :most
    """
)
_MOST_HELD = 20
"""Tables held at a time, one connection each, of the hundred a server has by default."""


@dataclass(frozen=True, slots=True)
class Traced:
    """One executed statement.

    :param locks: the strongest lock on each table that was not held as strongly before; tables
        go by the name they had before the statement.
    :param rewritten: tables whose every row was written again.
    """

    path: str
    line: int
    sql: str
    locks: tuple[tuple[str, str], ...]
    rewritten: tuple[str, ...]


def trace_revisions(url: URL, history: History, wanted: Sequence[str]) -> list[Traced]:
    """Run these revisions in order of the history on a scratch copy of the schema of `url`.

    The database of `url` is only read. It must stand where the first of the revisions begins.
    """
    with scratch_copy(url) as target:
        engine = sa.create_engine(target, poolclass=sa.pool.NullPool)
        try:
            return [
                traced
                for revision in history.order
                if revision.path in set(wanted)
                for traced in trace_file(engine, revision.path)
            ]
        finally:
            engine.dispose()


def trace_file(engine: sa.Engine, path: str) -> list[Traced]:
    """Run the `upgrade` of one file as Alembic does and note what each statement does."""
    with engine.connect() as connection:
        watcher = _Watcher(connection, path)
        context = MigrationContext.configure(connection, opts={"transaction_per_migration": True})
        module = _load(path)
        sa.event.listen(connection, "before_cursor_execute", watcher.before)
        sa.event.listen(connection, "after_cursor_execute", watcher.after)
        sa.event.listen(engine, "handle_error", watcher.failed)
        try:
            with context.begin_transaction(_per_migration=True), Operations.context(context):
                module.upgrade()
        finally:
            sa.event.remove(engine, "handle_error", watcher.failed)
            watcher.close()
        return watcher.seen


class _Watcher:
    """Compares locks and file nodes before and after each statement, on the same connection.

    Inside a transaction locks are seen as they are held; a statement in autocommit mode is made to
    wait for them at a `Gate`.
    """

    def __init__(self, connection: Connection, path: str) -> None:
        self.connection, self.path = connection, path
        self.others = sa.create_engine(connection.engine.url, poolclass=sa.pool.NullPool)
        self.seen: list[Traced] = []
        self.busy = False
        self.gate: Gate | None = None
        self.locks: dict[int, int] = {}
        self.tables: dict[int, tuple[str, int]] = {}

    def before(self, connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if self.busy:
            return
        self.locks, self.tables = self._look()
        if getattr(connection.connection.dbapi_connection, "autocommit", False):
            self.gate = self._gate(statement)

    def failed(self, context: Any) -> None:
        if self.gate is not None:
            self.gate.close()
            self.gate = None

    def close(self) -> None:
        self.failed(None)
        self.others.dispose()

    def after(self, connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if self.busy:
            return
        passed = self.gate.close() if self.gate is not None else {}
        self.gate = None
        locks, tables = self._look()
        locks.update(passed)
        names = {**{key: name for key, (name, _) in tables.items()}}
        names.update({key: name for key, (name, _) in self.tables.items()})
        new = [
            (names[key], MODES[mode])
            for key, mode in locks.items()
            if key in names and mode > self.locks.get(key, -1)
        ]
        rewritten = [
            name
            for key, (name, node) in self.tables.items()
            if key in tables and tables[key][1] != node
        ]
        self.seen.append(
            Traced(self.path, self._line(), statement, tuple(sorted(new)), tuple(sorted(rewritten)))
        )

    def _gate(self, statement: str) -> Gate:
        """Hold the tables that the text names, by their own name or an index, and their relatives."""
        values = {"statement": statement, "most": _MOST_HELD}
        self.busy = True
        try:
            pid = self.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            tables = self.connection.execute(_NEIGHBOURS, values).fetchall()
        finally:
            self.busy = False
        return Gate(self.others, pid, [(oid, name) for oid, name in tables])

    def _look(self) -> tuple[dict[int, int], dict[int, tuple[str, int]]]:
        """The strongest lock held on each relation, and the tables with their file nodes."""
        self.busy = True
        try:
            held = self.connection.execute(_LOCKS).fetchall()
            tables = self.connection.execute(_TABLES).fetchall()
        finally:
            self.busy = False
        locks: dict[int, int] = {}
        for relation, mode in held:
            locks[relation] = max(locks.get(relation, -1), MODES.index(mode_name(mode)))
        return locks, {key: (_name(schema, table), node) for key, schema, table, node in tables}

    def _line(self) -> int:
        frame: Any = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename == self.path:
                line: int = frame.f_lineno
                return line
            frame = frame.f_back
        return 1


def _name(schema: str, table: str) -> str:
    return table if schema == "public" else f"{schema}.{table}"


def _load(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"_guard_traced_{abs(hash(path))}", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def described(traced: Sequence[Traced]) -> Iterator[str]:
    """One line a statement for the text report."""
    for item in traced:
        locks = ", ".join(f"{mode} on {table}" for table, mode in item.locks) or "no new table lock"
        rewrites = f"; rewrites {', '.join(item.rewritten)}" if item.rewritten else ""
        yield f"{item.path}:{item.line}: {locks}{rewrites}: {' '.join(item.sql.split())[:70]}"
