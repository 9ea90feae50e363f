"""Announce what `upgrade` did not do: DDL by psql, another tool, a restored backup."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext

from ..facts import SchemaChange
from ..ledger import Entry, Ledger
from ..ledger.catalog import fingerprint
from ..settings import Settings
from .announcing import Announcer
from .lock import author, held, lock_for, whoami
from .reconcile import touched_tables


@dataclass(frozen=True, slots=True)
class Drift:
    """The catalog's fingerprint now, and the one the ledger last wrote down."""

    now: str
    recorded: str | None
    epoch: int

    @property
    def is_drifted(self) -> bool:
        """Whether the schema was changed by something that keeps no ledger."""
        return self.now != self.recorded


def read_drift(connection: sa.Connection, schema: str | None = None) -> Drift:
    """Compare the catalog with the newest entry that says what the schema is.

    The entry of a script made by ``--sql`` has no fingerprint, because nobody looked.
    """
    ledger = Ledger(schema)
    newest = ledger.newest(connection, "applied", "failed") if ledger.exists(connection) else None
    if newest is None:
        return Drift(fingerprint(connection), None, 0)
    return Drift(fingerprint(connection), newest.fingerprint, newest.epoch)


def announce_outside(
    side: sa.Connection,
    settings: Settings,
    changes: Sequence[SchemaChange] = (),
    tables: Sequence[str] = (),
    message: str | None = None,
    *,
    is_copy: bool = False,
) -> int:
    """Write an ``applied`` entry for changes made outside and wake the apps.

    :param side: an autocommit connection.
    :param changes: what is known of the change; renames can be known no other way.
    :param tables: further tables it touched. Nothing at all means: look at everything.
    :param is_copy: give the database a uuid of its own, since it brought that of its original.
    :returns: the entry's epoch.
    """
    ledger = Ledger(settings.ledger_schema)
    announcer = Announcer(ledger, settings.channels)
    me = whoami("announce")
    try:
        with held(lock_for(side, ".alembic_version", me), settings.lock_wait):
            ledger.ensure(side)
            entry = Entry(
                phase="applied",
                direction="announce",
                mode="announce",
                heads=MigrationContext.configure(side).get_current_heads(),
                changes=tuple(changes),
                touched=tuple(sorted({*touched_tables(changes), *tables})),
                fingerprint=fingerprint(side),
                author=author(),
                message=message,
                database_uuid=str(uuid.uuid4()) if is_copy else "",
            )
            return announcer.publish(side, entry)
    finally:
        announcer.close()
