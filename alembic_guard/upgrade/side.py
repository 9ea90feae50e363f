"""A second, autocommit connection to the database that is being migrated.

The lock, the ledger's pause rows and the apps' acknowledgements must be seen at once and
must survive a rollback of the migration. The connection comes from a copy of the engine's
pool, so that the user's events, credentials and `creator` apply while a pool of one
connection does not dead-lock with itself.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import sqlalchemy as sa

from ..ledger.connections import twin_engine
from ..ledger.identity import sqlite_file

SQLITE_BUSY_MS = 15_000


@contextlib.contextmanager
def side_connection(connection: sa.Connection, purpose: str) -> Iterator[sa.Connection]:
    """Open a connection beside `connection`; within ``run_sync`` it works for asyncio too.

    A database in memory has no beside: there it is `connection` itself.

    :param purpose: what the server shows as the session's name where it has one.
    """
    if is_memory(connection):
        yield connection
        return
    twin = twin_engine(connection.engine)
    try:
        with twin.connect() as raw:
            side = raw.execution_options(isolation_level="AUTOCOMMIT")
            _prepare(side, connection, purpose)
            yield side
    finally:
        twin.dispose()


def is_memory(connection: sa.Connection) -> bool:
    """Whether it is an SQLite database in memory, where a second connection sees another."""
    return connection.dialect.name == "sqlite" and sqlite_file(connection) is None


def _prepare(side: sa.Connection, connection: sa.Connection, purpose: str) -> None:
    if side.dialect.name == "sqlite":
        side.exec_driver_sql(f"PRAGMA busy_timeout = {SQLITE_BUSY_MS}")
    elif side.dialect.name == "postgresql":
        set_config = sa.text("SELECT set_config(:name, :value, false)")
        side.execute(set_config, {"name": "application_name", "value": purpose[:63]})
        path = _search_path(connection)
        side.execute(set_config, {"name": "search_path", "value": path})


def _search_path(connection: sa.Connection) -> str:
    """The migration's search path: an env.py for tenants sets it on the connection itself."""
    was_idle = not connection.in_transaction()
    path = connection.exec_driver_sql("SHOW search_path").scalar_one()
    if was_idle:
        connection.rollback()
    return str(path)
