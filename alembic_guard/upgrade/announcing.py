"""Write ledger entries and wake the apps that listen."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ..channels import Channel, ChannelError, channel_for
from ..channels.base import NOTIFY_CHANNEL
from ..ledger import Entry, Ledger
from ..ledger.redaction import redacted

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

log = logging.getLogger("alembic_guard.upgrade")


class Announcer:
    """Appends to the ledger and wakes the apps: NOTIFY with the row, brokers after commit."""

    def __init__(self, ledger: Ledger, channel_urls: Sequence[str] = ()) -> None:
        self.ledger = ledger
        self._urls = tuple(channel_urls)
        self._channels: list[Channel] = [channel_for(url) for url in self._urls]

    def append(self, connection: sa.Connection, entry: Entry) -> int:
        """Write `entry`; PostgreSQL delivers the NOTIFY exactly when the row is visible."""
        if connection.dialect.name == "postgresql":
            return self.ledger.append_and_notify(connection, entry, NOTIFY_CHANNEL)
        return self.ledger.append(connection, entry)

    def publish(self, side: sa.Connection, entry: Entry) -> int:
        """Write `entry` on an autocommit connection and wake everybody at once."""
        epoch = self.append(side, entry)
        self.wake(epoch)
        return epoch

    def write_script(self, migration: MigrationContext, entry: Entry, database_uuid: str) -> None:
        """Write the INSERT, and the NOTIFY, into the script of ``--sql``."""
        migration.execute(self.ledger.insert_statement(entry, fallback_uuid=database_uuid))
        if migration.dialect.name == "postgresql":
            newest = sa.select(sa.func.max(self.ledger.tables.change.c.epoch)).scalar_subquery()
            migration.execute(
                sa.select(sa.func.pg_notify(NOTIFY_CHANNEL, sa.cast(newest, sa.Text)))
            )

    def wake(self, epoch: int) -> None:
        """Tell the brokers; one that is down costs the apps a polling interval, no more."""
        for channel in self._channels:
            try:
                channel.wake(epoch)
            except ChannelError as error:
                reason = redacted(str(error), *self._urls)
                log.warning("The %s channel could not be woken: %s", channel.name, reason)

    def close(self) -> None:
        """Close the channels' connections."""
        for channel in self._channels:
            channel.close()
