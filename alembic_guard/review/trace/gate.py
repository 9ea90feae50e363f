"""See the locks of a statement in autocommit mode, which has let go of them when it returns.

Every table the statement may touch is held by a connection of its own in ACCESS EXCLUSIVE, so the
statement has to wait for each lock it asks for and `pg_locks` shows it waiting. The holder then
makes way and holds only what does not conflict with the lock just seen, so that a stronger one
later on waits as well. `CREATE INDEX CONCURRENTLY` and its like also wait for the transactions of
the holders; these end then and begin anew.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

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

_BESIDE = {
    "ACCESS SHARE": "EXCLUSIVE",
    "ROW SHARE": "SHARE ROW EXCLUSIVE",
    "ROW EXCLUSIVE": "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE": "ROW EXCLUSIVE",
    "SHARE": "SHARE",
    "SHARE ROW EXCLUSIVE": "ROW SHARE",
    "EXCLUSIVE": "ACCESS SHARE",
}
"""The strongest mode that may be held beside a mode (the table of conflicts in PostgreSQL's
"Explicit Locking"); nothing may be beside ACCESS EXCLUSIVE."""
_LOCKS = sa.text(
    "SELECT locktype, relation, mode, granted, pg_blocking_pids(pid) FROM pg_locks WHERE pid = :pid"
)
_WAITS = sa.text("SELECT 1 FROM pg_locks WHERE pid = :pid AND NOT granted")
_ROUNDS = 12
"""How often one holder begins anew: a concurrent build waits for others three times."""
_PAUSE = 0.004
"""Seconds between two looks."""


def mode_name(mode: str) -> str:
    """``AccessExclusiveLock`` as ``ACCESS EXCLUSIVE``."""
    words = "".join(f" {char}" if char.isupper() else char for char in mode.removesuffix("Lock"))
    return words.strip().upper()


@dataclass(slots=True)
class _Holder:
    """A connection that holds one table; `rounds` counts how often it made way."""

    connection: Connection
    pid: int
    table: str
    mode: str | None
    rounds: int = 0


class Gate:
    """Holds `tables` while another connection runs one statement; `close` says what that took.

    :param pid: the server process that runs the statement.
    :param tables: oid and quoted name of the tables to hold.
    """

    def __init__(self, engine: Engine, pid: int, tables: Iterable[tuple[int, str]]) -> None:
        self.engine, self.pid = engine, pid
        self.locks: dict[int, int] = {}
        self._holders = {oid: self._held(table, MODES[-1]) for oid, table in tables}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="guard-trace-gate", daemon=True)
        self._thread.start()

    def close(self) -> dict[int, int]:
        """The strongest lock on each relation, as an index of `MODES`."""
        self._over.set()
        self._thread.join()
        for holder in self._holders.values():
            holder.connection.close()
        self._holders.clear()
        return self.locks

    def _held(self, table: str, mode: str) -> _Holder:
        connection = self.engine.connect()
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        connection.rollback()
        _lock(connection, table, mode)
        return _Holder(connection, pid, table, mode)

    def _watch(self) -> None:
        try:
            options = {"isolation_level": "AUTOCOMMIT"}
            with self.engine.connect().execution_options(**options) as observer:
                while not self._over.wait(_PAUSE):
                    self._look(observer)
        finally:
            for holder in self._holders.values():
                holder.connection.rollback()

    def _look(self, observer: Connection) -> None:
        rows = observer.execute(_LOCKS, {"pid": self.pid}).fetchall()
        for kind, relation, mode, granted, blockers in rows:
            if kind == "relation":
                level = MODES.index(mode_name(mode))
                self.locks[relation] = max(self.locks.get(relation, -1), level)
                if not granted and relation in self._holders:
                    self._make_way(self._holders[relation], _BESIDE.get(MODES[level]), observer)
            elif not granted:
                for holder in self._holders.values():
                    if holder.pid in blockers:
                        self._begin_anew(holder)

    def _make_way(self, holder: _Holder, mode: str | None, observer: Connection) -> None:
        """Hold only `mode`, asked for before the old lock ends, so that nothing slips between."""
        holder.rounds += 1
        if mode is None or holder.rounds > _ROUNDS:
            holder.connection.rollback()
            holder.mode = None
            return
        after = self.engine.connect()
        pid = after.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        after.rollback()
        asking = threading.Thread(target=_lock, args=(after, holder.table, mode), daemon=True)
        asking.start()
        while asking.is_alive() and observer.execute(_WAITS, {"pid": pid}).first() is None:
            time.sleep(_PAUSE)
        holder.connection.close()
        asking.join()
        holder.connection, holder.pid, holder.mode = after, pid, mode

    def _begin_anew(self, holder: _Holder) -> None:
        holder.rounds += 1
        holder.connection.rollback()
        if holder.mode is not None and holder.rounds <= _ROUNDS:
            _lock(holder.connection, holder.table, holder.mode)


def _lock(connection: Connection, table: str, mode: str) -> None:
    connection.exec_driver_sql(f"LOCK TABLE ONLY {table} IN {mode} MODE")
