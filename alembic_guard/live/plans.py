"""Drop server-side plans and driver caches that a schema change has made stale (level L0).

psycopg prepares a statement after five uses and keeps it for the connection's life; with
AUTOCOMMIT a stale plan then fails for ever. Each connection carries the generation it was
last cleaned in and is cleaned when the pool next hands it out, before anybody uses it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.exc import DisconnectionError

log = logging.getLogger(__name__)

_KEY = "alembic_guard_generation"


class StalePlans:
    """The generation of the schema, and how connections of each driver follow it."""

    def __init__(self, engines: Iterable[Engine]) -> None:
        self._dialects = [engine.dialect for engine in engines]
        self.generation = 0

    def bump(self) -> None:
        """Every connection opened before now is cleaned at its next checkout."""
        self.generation += 1
        for dialect in self._dialects:
            invalidate = getattr(dialect, "_invalidate_schema_cache", None)
            if invalidate is not None:  # asyncpg: one stamp for all connections
                invalidate()

    def on_connect(self, dbapi_connection: Any, record: Any) -> None:
        """A new connection has no plans yet."""
        record.info[_KEY] = self.generation

    def heal(self, dbapi_connection: Any, record: Any) -> None:
        """Clean a connection that is older than the schema; free when it is not."""
        if record.info.get(_KEY, 0) == self.generation:
            return
        record.info[_KEY] = self.generation
        for dialect in self._dialects[:1]:
            _healer(dialect)(dbapi_connection)


def _healer(dialect: Dialect) -> Callable[[Any], None]:
    if dialect.driver == "psycopg":
        return _deallocate
    if dialect.driver == "psycopg_async":
        return _deallocate_async
    if dialect.driver == "pg8000":
        return _reconnect
    return _nothing


def _nothing(connection: Any) -> None:
    """SQLite prepares again by itself, MySQL and psycopg2 keep no plans, asyncpg has its stamp."""


def _reconnect(connection: Any) -> None:
    raise DisconnectionError("the schema has changed since this connection was opened")


def _deallocate(connection: Any) -> None:
    """psycopg clears its own map of prepared statements when it sees DEALLOCATE ALL."""
    autocommit = connection.autocommit
    if not autocommit:
        connection.autocommit = True
    try:
        connection.execute("DEALLOCATE ALL")
    finally:
        if not autocommit:
            connection.autocommit = False


def _deallocate_async(connection: Any) -> None:
    async def clean(driver: Any) -> None:
        autocommit = driver.autocommit
        await driver.set_autocommit(True)
        try:
            await driver.execute("DEALLOCATE ALL")
        finally:
            await driver.set_autocommit(autocommit)

    connection.run_async(clean)
