"""An app reduced to its manners: it hears of entries, pauses, reloads, acknowledges."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from alembic_guard.ledger import App, Entry, Ledger
from alembic_guard.ledger.apps import acknowledge, register
from tests.upgrade.project import Project


class FakeApp:
    """Polls the ledger every few milliseconds in a thread.

    :param on_pause: ``paused``, ``refused``, or ``silent`` for an app that never answers.
    """

    def __init__(self, name: str = "shop", on_pause: str = "paused", ttl: float = 15.0) -> None:
        self.app = App(f"{name}-1", name, "web-1", 4711, state="current", ttl=ttl)
        self.on_pause = on_pause
        self.heard: list[str] = []
        self._stop = threading.Event()

    @contextmanager
    def running(self, project: Project) -> Iterator[FakeApp]:
        """Run beside the block; the ledger's tables are made if need be."""
        with project.connect() as connection:
            Ledger().ensure(connection)
            register(connection, self.app)
            cursor = Ledger().newest_epoch(connection)
        thread = threading.Thread(target=self._work, args=(project, cursor))
        thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            thread.join()

    def _work(self, project: Project, cursor: int) -> None:
        with project.connect() as connection:
            ledger = Ledger()
            while not self._stop.wait(0.005):
                for entry in ledger.read_since(connection, cursor):
                    cursor = entry.epoch
                    self.heard.append(entry.phase)
                    self._answer(connection, entry)

    def _answer(self, connection: sa.Connection, entry: Entry) -> None:
        if entry.phase != "pause":
            acknowledge(connection, self.app.instance, entry.epoch, "current")
        elif self.on_pause == "refused":
            error = "a request has run for an hour"
            acknowledge(connection, self.app.instance, entry.epoch, "refused", error)
        elif self.on_pause == "paused":
            acknowledge(connection, self.app.instance, entry.epoch, "paused")
