"""The watcher's own connections: outside the pool, autocommit, and never waited for long.

They must not block a migration, and not be blocked by a pause, a full pool or a cut network.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from ..channels.watchdog import STATEMENT_SECONDS, Watchdog
from ..ledger.connections import twin_engine

CONNECT_SECONDS = 5
"""With the pauses between attempts this bounds how late a healed network is noticed."""

_CONNECT_OPTIONS = {
    "psycopg": "connect_timeout",
    "psycopg_async": "connect_timeout",
    "psycopg2": "connect_timeout",
    "asyncpg": "timeout",
    "pymysql": "connect_timeout",
    "aiomysql": "connect_timeout",
    "mysqldb": "connect_timeout",
}


def limit_waiting(dialect: Any, parameters: dict[str, Any]) -> None:
    """Let connecting and waiting for a lock end soon, where the program has not said otherwise."""
    option = _CONNECT_OPTIONS.get(dialect.driver)
    if option is not None:
        parameters.setdefault(option, CONNECT_SECONDS)
    if dialect.driver == "pymysql":  # its limit for connecting ends before the handshake
        parameters.setdefault("read_timeout", CONNECT_SECONDS)
    if dialect.driver in ("pysqlite", "aiosqlite"):
        from .sqlite_turns import PromptConnection

        parameters.setdefault("factory", PromptConnection)


@contextlib.contextmanager
def own_connection(engine: Engine) -> Iterator[sa.Connection]:
    """A connection of our own; the pool's one for a database in memory."""
    if is_in_memory(engine):
        with engine.connect() as shared:
            yield shared.execution_options(isolation_level="AUTOCOMMIT")
        return
    twin = twin_engine(engine)
    try:
        with twin.connect() as connection, guarded(connection):
            yield connection.execution_options(isolation_level="AUTOCOMMIT")
    finally:
        twin.dispose()


def guarded(connection: sa.Connection) -> Watchdog:
    """Within it, a statement that is not answered in time fails."""
    driver_connection: Any = connection.connection.driver_connection
    if getattr(driver_connection, "_read_timeout", None) == CONNECT_SECONDS:
        driver_connection._read_timeout = None  # PyMySQL's limit was for the handshake
    return Watchdog(connection, STATEMENT_SECONDS)


def handshake_seconds() -> float:
    """For connecting where the driver's own limit leaves something out."""
    return CONNECT_SECONDS + 1.0


def is_in_memory(engine: Engine) -> bool:
    """Whether another connection would see another database."""
    name = engine.url.database or ""
    return engine.dialect.name == "sqlite" and (
        name in ("", ":memory:") or "mode=memory" in name or ":memory:" in name
    )
