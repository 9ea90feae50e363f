"""Whether and how this run can keep both names of a renamed column for a while."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import sqlalchemy as sa

from ..facts import SchemaChange
from ..settings import Settings
from .compat import obstacle
from .modes import Both
from .twins import Twinning, is_mariadb, remove_unfinished, twin_obstacle

log = logging.getLogger("alembic_guard.upgrade")


@dataclass(frozen=True, slots=True)
class Keeping:
    """The two ways there are, a view and a twin column, for one run.

    :param is_external: the caller's transaction is open, so nothing is committed by us.
    :param has_transactions: the database takes DDL back.
    """

    side: sa.Connection
    settings: Settings
    is_external: bool
    has_transactions: bool

    @property
    def way(self) -> Both:
        """How this database keeps both names of a column: behind a view, or by a twin."""
        has_twins = is_mariadb(self.side) and self.settings.mode == "expand"
        return "expand" if has_twins else "compat"

    def obstacle(self, rename: SchemaChange) -> str | None:
        """Why the column cannot have both names; None when it can."""
        if self.is_external:
            return "the caller's transaction is not committed while the apps are waited for"
        if self.way == "expand":
            return twin_obstacle(self.side, rename)
        if self.side.dialect.name != "postgresql" or not self.has_transactions:
            return "only PostgreSQL (compat) and MariaDB (expand) keep both names of a column"
        return obstacle(self.side, rename.schema, rename.table or "")

    def twin(self, rename: SchemaChange) -> bool:
        """Give the column its twin and swap them; False, with the reason said, when it fails."""
        try:
            Twinning(self.side, rename, self.settings.lock_retry).both()
        except sa.exc.DBAPIError as error:
            log.warning("No expand mode, pausing instead: %s", error.orig)
            return False
        return True

    def clear(self) -> None:
        """Remove what was begun and never swapped.

        Its triggers would break when the column they follow is renamed.
        """
        if is_mariadb(self.side):
            remove_unfinished(self.side)
