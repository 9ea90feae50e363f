"""Drop server-side plans and driver caches that a schema change has made stale (level L0).

psycopg prepares a statement after five uses and keeps it for the connection's life; with
AUTOCOMMIT a stale plan then fails for ever. Each connection carries the generation it was
last cleaned in and is cleaned when the pool next hands it out, before anybody uses it. One that
is in use forgets its plans at once, so that it fails once at most, however long it is held.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DisconnectionError

_cleanings = itertools.count(1)


class StalePlans:
    """The generation of the schema, and how connections of each driver follow it."""

    def __init__(self, engines: Iterable[Engine]) -> None:
        self._dialects = [engine.dialect for engine in engines]
        self.generation = 0
        self._key = ("alembic_guard_generation", id(self))

    def bump(self, in_use: Iterable[Any] = ()) -> None:
        """Every connection opened before now is cleaned at its next checkout.

        :param in_use: driver's connections that somebody holds now.
        """
        self.generation += 1
        for connection in in_use:
            _forget(connection)
        for dialect in self._dialects:
            invalidate = getattr(dialect, "_invalidate_schema_cache", None)
            if invalidate is not None:  # asyncpg: one stamp for all connections
                invalidate()

    def on_connect(self, dbapi_connection: Any, record: Any) -> None:
        """A new connection has no plans yet."""
        record.info[self._key] = self.generation

    def heal(self, dbapi_connection: Any, record: Any) -> None:
        """Clean a connection that is older than the schema; free when it is not."""
        if record.info.get(self._key, 0) == self.generation:
            return
        record.info[self._key] = self.generation
        _clean(dbapi_connection, record.driver_connection)


def _forget(connection: Any) -> None:
    """Have a psycopg connection prepare anew; it tells the server before its next statement.

    Its lock is held from looking a plan up to counting its use, so a statement under way in another
    thread or task is left alone; should that fail, it comes here again.
    """
    plans, lock = getattr(connection, "_prepared", None), getattr(connection, "lock", None)
    if plans is None or lock is None or lock.locked():
        return
    if isinstance(lock, asyncio.Lock):  # one event loop runs all that uses this connection
        plans.clear()
    elif lock.acquire(blocking=False):
        try:
            plans.clear()
        finally:
            lock.release()


def _clean(dbapi_connection: Any, driver_connection: Any) -> None:
    """Drop the plans, by driver.

    SQLite prepares again by itself, MySQL's drivers and psycopg2 keep no plans, asyncpg has its
    stamp.
    """
    driver = type(driver_connection).__module__.partition(".")[0]
    if driver == "pg8000":
        raise DisconnectionError("the schema has changed since this connection was opened")
    if driver == "psycopg":
        run_async = getattr(dbapi_connection, "run_async", None)
        if run_async is not None:
            run_async(_deallocate_async)
        else:
            _deallocate(driver_connection)


def _statement() -> str:
    """A text that no connection has executed before.

    psycopg drops its own map of prepared statements when it sees ``DEALLOCATE ALL`` succeed, but
    looks at the result only of a text that it has not counted yet (``PrepareManager``, 3.1 to
    3.3): said twice in the same words, the second leaves the map as it was, and the next use of
    a statement in it fails with *prepared statement does not exist*.
    """
    return f"DEALLOCATE ALL /* alembic_guard {next(_cleanings)} */"


def _deallocate(connection: Any) -> None:
    autocommit = connection.autocommit
    if not autocommit:
        connection.autocommit = True
    try:
        connection.execute(_statement(), prepare=False)
    finally:
        if not autocommit:
            connection.autocommit = False


async def _deallocate_async(connection: Any) -> None:
    autocommit = connection.autocommit
    await connection.set_autocommit(True)
    try:
        await connection.execute(_statement(), prepare=False)
    finally:
        await connection.set_autocommit(autocommit)
