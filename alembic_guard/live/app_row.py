"""This process's row in ``alembic_guard_app``: what it has loaded, and that it lives."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from .. import __version__
from ..ledger import App, AppState
from ..ledger import apps as app_table
from .drift import first_line
from .options import Options

log = logging.getLogger("alembic_guard.live")

TTL = 15.0

Standing: TypeAlias = "tuple[int, AppState, str | None]"
"""An epoch, the state the app is in after it, and the reason if that is not ``current``."""


class AppRow:
    """Writes the row; where the database does not let it, the app goes on without one."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._instance = secrets.token_hex(16)
        self._is_registered = False
        self._complaint: str | None = None
        self.identity: str | None = None
        """Which database the app believes to be on."""
        self.told: Standing | None = None
        """What the row says, as far as we know."""

    def tell(self, connection: sa.Connection, standing: Standing) -> None:
        """Acknowledge: make the row say `standing`."""
        if self._write(lambda: self._put(connection, standing)):
            self.told = standing

    def heartbeat(self, connection: sa.Connection, standing: Standing) -> None:
        """Say that the app lives; `standing` if nothing was told yet."""

        def beat() -> None:
            schema = self._options.schema
            if not (
                self._is_registered and app_table.heartbeat(connection, self._instance, schema)
            ):
                self._is_registered = False
                self._put(connection, self.told or standing)

        self._write(beat)

    def sign_off(self, connection: sa.Connection) -> None:
        """Take the row away: a clean stop."""
        was_registered = self._is_registered
        self.lose()
        if was_registered:
            schema = self._options.schema
            self._write(lambda: app_table.forget(connection, self._instance, schema))

    def lose(self) -> None:
        """The connection is gone, and perhaps the row: write it anew."""
        self._is_registered = False
        self.told = None

    def become_another(self) -> None:
        """In a forked child: the row is the parent's, get one of one's own."""
        self._instance = secrets.token_hex(16)
        self.lose()

    def _put(self, connection: sa.Connection, standing: Standing) -> None:
        epoch, state, error = standing
        schema = self._options.schema
        if self._is_registered and app_table.acknowledge(
            connection, self._instance, epoch, state, error, schema
        ):
            return
        app_table.register(connection, self._app(epoch, state, error), schema)
        self._is_registered = True

    def _write(self, write: Callable[[], object]) -> bool:
        """Whether it is settled: written, or refused by a database that will go on refusing.

        A replica or a user without the right to write can follow the schema all the same;
        `upgrade` cannot wait for it, which is said once. A lock passes: the next turn tries.
        """
        try:
            write()
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            self._is_registered = False
            complaint = first_line(error)
            if complaint != self._complaint:
                log.warning(
                    "this app cannot acknowledge, so no upgrade waits for it: %s", complaint
                )
            self._complaint = complaint
            return "locked" not in complaint
        self._complaint = None
        return True

    def _app(self, epoch: int, state: AppState, error: str | None) -> App:
        return App(
            instance=self._instance,
            app=self._options.name or _program(),
            host=socket.gethostname(),
            pid=os.getpid(),
            state=state,
            epoch=epoch,
            error=error,
            identity=self.identity,
            channel=self._options.channel,
            version=__version__,
            ttl=TTL,
        )


def _program() -> str:
    name = Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "python"
    return Path(sys.argv[0]).parent.name if name == "__main__.py" else name
