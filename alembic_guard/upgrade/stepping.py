"""What each step really did, written down in the transaction that did it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from alembic.runtime.migration import MigrationInfo

from ..facts import SchemaChange
from ..ledger import Entry
from ..ledger.catalog import Catalog, read_catalog
from ..ledger.redaction import redacted
from .announcing import Announcer
from .compat import expand
from .modes import PlannedStep
from .reconcile import reconcile, touched_tables
from .recording import Claims


class StepRecords:
    """Compares the catalog before and after each step and writes its row.

    :param direction: ``upgrade``, ``downgrade`` or ``stamp``.
    """

    def __init__(
        self, connection: sa.Connection, announcer: Announcer, direction: str, author: str
    ) -> None:
        self.claims = Claims(connection.dialect.name)
        self.epoch: int | None = None
        """The newest row's; None while nothing was applied."""
        self.current: PlannedStep | None = None
        self.already: tuple[SchemaChange, ...] = ()
        """What the next step would do, had it not been done before it."""
        self._announcer = announcer
        self._direction: Any = direction
        self._author = author
        self._catalog: Catalog | None = None
        self._ahead: Catalog | None = None

    def look_ahead(self, connection: sa.Connection) -> None:
        """Read the catalog now, while nobody is held, for the `begin` that follows a pause."""
        self._ahead = read_catalog(connection)

    def begin(self, connection: sa.Connection, *, is_new: bool) -> None:
        """Remember what the schema is like before the first step.

        :param is_new: nothing was applied yet, so Alembic has just made its version table.
        """
        self.claims.take()
        ahead, self._ahead = self._ahead, None
        self._catalog = read_catalog(connection) if ahead is None or is_new else ahead

    def applied(self, connection: sa.Connection, step: MigrationInfo, heads: Iterable[str]) -> None:
        """Write the step's row on the connection that makes the change."""
        after = read_catalog(connection)
        entry = self._entry("applied", step, heads, after)
        if entry.mode == "compat":
            expand(connection, entry.changes)
            self.claims.take()
            after = read_catalog(connection)
            entry = replace(entry, fingerprint=after.fingerprint())
        self._catalog = after
        self.epoch = self._announcer.append(connection, entry)

    def left_behind(self, side: sa.Connection, error: BaseException) -> bool:
        """Write a ``failed`` row when the broken step has left changes; whether it has.

        :param side: an autocommit connection, after the migration's was rolled back.
        """
        if self._catalog is None:
            return False
        after = read_catalog(side)
        if after.fingerprint() == self._catalog.fingerprint() and not self.already:
            return False
        entry = self._entry("failed", None, (), after)
        reason = redacted(next(iter(str(error).splitlines()), ""), side.engine.url)
        message = f"{type(error).__name__}: {reason}"
        self._announcer.publish(side, replace(entry, message=message[:2000]))
        return True

    def _entry(
        self, phase: Any, step: MigrationInfo | None, heads: Iterable[str], after: Catalog
    ) -> Entry:
        assert self._catalog is not None
        changes = (*self.already, *reconcile(self.claims.take(), self._catalog, after))
        self.already = ()
        return Entry(
            phase=phase,
            revision=revision_of(step) if step else None,
            direction=self._direction,
            heads=tuple(sorted(heads)),
            mode=self.current.mode if self.current else "announce",
            changes=changes,
            touched=touched_tables(changes),
            fingerprint=after.fingerprint(),
            author=self._author,
        )


def revision_of(info: MigrationInfo) -> str:
    """The revision a step applies or takes back."""
    return ", ".join(info.up_revision_ids)
