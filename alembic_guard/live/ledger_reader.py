"""The ledger as a watcher reads it: what is new, and what has been since the models fitted."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ..ledger import OWN_TABLES, Entry, Ledger
from .cursor import Reading, read_entries
from .drift import classify, is_forbidden

log = logging.getLogger("alembic_guard.live")

FORBIDDEN_SECONDS = 30.0
"""Until a ledger this user may not read is tried again: each try is an error in the server's log."""


class LedgerReader:
    """Reads after a cursor, and remembers what was read."""

    def __init__(self, schema: str | None) -> None:
        self._ledger = Ledger(schema)
        self._entries: list[Entry] = []
        self._recent: list[Entry] = []
        self._mark: tuple[int, float] | None = None
        self._forbidden_until = 0.0
        self.is_there = False
        """Whether there is a ledger that this database user may read."""

    def read(self, connection: sa.Connection, cursor: int) -> Reading:
        """What is new since `cursor`; nothing where there is no ledger or no right to read it."""
        if time.monotonic() < self._forbidden_until:
            return Reading(cursor)
        try:
            return self._read(connection, cursor)
        except DBAPIError as error:
            if classify(error) == "undefined table":  # dropped: the next upgrade makes another
                self.is_there = False
                return Reading(cursor)
            if not is_forbidden(error):
                raise
            if not self._forbidden_until:
                log.warning(
                    "this database user may not read %s, so renames are not followed and "
                    "no upgrade waits for this app: GRANT SELECT, INSERT, UPDATE, DELETE on them",
                    " and ".join(sorted(OWN_TABLES)),
                )
            self.is_there, self._forbidden_until = False, time.monotonic() + FORBIDDEN_SECONDS
            return Reading(cursor)

    def _read(self, connection: sa.Connection, cursor: int) -> Reading:
        if not self.is_there:
            self.is_there = self._ledger.exists(connection)
            if not self.is_there:
                return Reading(cursor)
        newest, at = self._ledger.newest_mark(connection)
        if newest == cursor and self._is_known(cursor, at):
            return Reading(cursor)
        # with the last one read, to see that it is still the same
        entries = self._ledger.read_since(connection, max(0, cursor - 1))
        last = entries.pop(0) if cursor and entries and entries[0].epoch == cursor else None
        is_another = last is not None and not self._is_known(cursor, last.at)
        if newest < cursor or is_another:
            entries = self._ledger.read_since(connection, 0)
        now = self._ledger.clock(connection) if entries and entries[-1].phase == "pause" else 0.0
        return read_entries(cursor, newest, entries, now, is_another=is_another)

    def _is_known(self, epoch: int, at: float | None) -> bool:
        """Whether the entry of this epoch is the one that was read, and no other ledger's."""
        return self._mark is None or self._mark[0] != epoch or self._mark[1] == at

    def database_uuid(self, connection: sa.Connection) -> str | None:
        """The database's uuid, where the ledger tells it."""
        return self._ledger.database_uuid(connection) if self.is_there else None

    def known_after(
        self, reading: Reading, news: Sequence[Entry]
    ) -> tuple[list[Entry], list[Entry]]:
        """All entries once this was read, and those since the models fitted the database."""
        known, recent = self._entries, self._recent
        if reading.went_back:
            known, recent = [*reading.restored], [e for e in recent if e.epoch <= reading.epoch]
        return [*known, *reading.applied], [*recent, *news]

    def accept(self, reading: Reading, news: Sequence[Entry]) -> None:
        """Take what was read as known."""
        self._entries, self._recent = self.known_after(reading, news)
        self._mark = reading.mark or self._mark
