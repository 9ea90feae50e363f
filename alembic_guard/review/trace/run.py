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
MODES = (
    "ACCESS SHARE",
    "ROW SHARE",
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
)
"""Weakest first."""


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
        with context.begin_transaction(_per_migration=True), Operations.context(context):
            module.upgrade()
        return watcher.seen


class _Watcher:
    """Compares locks and file nodes before and after each statement, on the same connection.

    Inside a transaction locks are seen as they are held; a statement in autocommit mode has
    released them when it returns, so only its rewrites are seen.
    """

    def __init__(self, connection: Connection, path: str) -> None:
        self.connection, self.path = connection, path
        self.seen: list[Traced] = []
        self.busy = False
        self.locks: dict[int, int] = {}
        self.tables: dict[int, tuple[str, int]] = {}

    def before(self, connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not self.busy:
            self.locks, self.tables = self._look()

    def after(self, connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if self.busy:
            return
        locks, tables = self._look()
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
            locks[relation] = max(locks.get(relation, -1), MODES.index(_mode(mode)))
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


def _mode(mode: str) -> str:
    """``AccessExclusiveLock`` as ``ACCESS EXCLUSIVE``."""
    words = "".join(f" {char}" if char.isupper() else char for char in mode.removesuffix("Lock"))
    return words.strip().upper()


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
