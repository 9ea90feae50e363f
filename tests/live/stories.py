"""What the tests of both watchers share: a ledger written as `upgrade` writes it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from alembic_guard.channels.postgresql import NOTIFY_CHANNEL
from alembic_guard.facts import SchemaChange
from alembic_guard.ledger import Entry, Ledger

RENAME = SchemaChange("rename_column", None, "sessions", "metadata", "session_metadata")
BACK = SchemaChange("rename_column", None, "sessions", "session_metadata", "metadata")
ADD = SchemaChange("add_column", None, "sessions", None, "chat_session_id")


def migrate(engine: sa.Engine, sql: str, *changes: SchemaChange, **entry: Any) -> int:
    """Run one statement and write its row, in one transaction where DDL has one."""
    ledger = Ledger()
    with engine.begin() as connection:
        connection.exec_driver_sql(sql)
        touched = tuple(sorted({change.table or "" for change in changes}))
        row = Entry("applied", changes=changes, touched=touched, **entry)
        return _notified(connection, ledger.append(connection, row))


def ensure_ledger(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        Ledger().ensure(connection)


def publish(engine: sa.Engine, entry: Entry) -> int:
    with engine.begin() as connection:
        return _notified(connection, Ledger().append(connection, entry))


def _notified(connection: sa.Connection, epoch: int) -> int:
    """Wake the watchers as `upgrade` does, where the database can."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_notify(NOTIFY_CHANNEL, str(epoch))))
    return epoch
