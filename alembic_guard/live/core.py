"""What both watchers share: read the ledger, compare, decide, swap. No thread, no waiting.

Every method that takes a connection is synchronous; the asyncio watcher calls it through
``run_sync``. Between `look` and `swap` the driver closes the gate and waits.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from ..channels.watchdog import patient
from ..facts import SchemaChange
from ..ledger import AppState, Entry
from ..ledger.redaction import redacted, shown_url
from .app_row import AppRow, Standing
from .comparison import History
from .connections import is_in_memory
from .cursor import Reading
from .drift import first_line
from .examination import Examination, Examiner
from .gate import PauseGate
from .ledger_reader import LedgerReader
from .options import Options
from .overlay import OverlayPlan, SchemaOverlay
from .plans import StalePlans
from .report import SchemaReport, State
from .targets import Targets

log = logging.getLogger("alembic_guard.live")

QUIET_POLL = 4.0
"""Seconds between looks at the ledger although wake-ups are heard: a silently cut connection
is noticed by the statement that gets no answer."""


@dataclass(frozen=True)
class SchemaEvent:
    """What listeners of `on_change` get: the reports before and after, and what happened."""

    before: SchemaReport | None
    after: SchemaReport
    changes: tuple[SchemaChange, ...] = ()


@dataclass(frozen=True)
class Look:
    """One look at the database: what to do about it. Made without changing anything."""

    reading: Reading
    found: Examination | None = None
    news: tuple[Entry, ...] = ()

    @property
    def report(self) -> SchemaReport | None:
        """What was found, if anything had to be looked at."""
        return self.found.report if self.found is not None else None


class WatchCore:
    """The state of one watcher, apart from how it waits."""

    def __init__(self, engines: Sequence[Engine], targets: Targets, options: Options) -> None:
        self.engines = tuple(engines)
        self.targets = targets
        self.options = options
        self.plans = StalePlans(self.engines)
        self.gate = PauseGate(self.engines, self.plans)
        self.overlay = SchemaOverlay(targets.mappers, self.engines)
        self.ledger = LedgerReader(options.schema)
        self.examiner = Examiner(self.engines[0], targets, options)
        self.report: SchemaReport | None = None
        self.epoch = 0
        self.row = AppRow(options)
        self.reloads = 0
        self._plan = OverlayPlan()
        self._listeners: list[Callable[[SchemaEvent], Any]] = []
        self._restarters: list[Callable[[SchemaReport], Any]] = []
        self._was_ready = False
        self._drifted_since: float | None = None
        self._schema_version: int | None = None
        self._looked = False

    # -- reading ----------------------------------------------------------------------

    def read_ledger(self, connection: sa.Connection) -> Reading:
        """What is new in the ledger since the cursor."""
        return self.ledger.read(connection, self.epoch)

    def look(self, connection: sa.Connection, *, force: bool = False) -> Look:
        """Read the ledger and, if the schema may have moved, compare and plan."""
        reading = self.read_ledger(connection)
        if not (force or reading.is_change or not self._looked or self._moved(connection)):
            return Look(reading)
        touched: set[str] | None = None
        if self._looked and reading.applied and not (force or reading.is_full):
            touched = {name for entry in reading.applied for name in entry.touched}
        position, news = self.examiner.place(connection, reading.applied, again=reading.went_back)
        known, recent = self.ledger.known_after(reading, news)
        history = History(_changes(known), _changes(recent))
        uuid = self.ledger.database_uuid(connection)
        with patient():
            found = self.examiner.examine(
                connection, history, reading.epoch, uuid, touched, position
            )
        return Look(reading, found, news)

    def _moved(self, connection: sa.Connection) -> bool:
        """SQLite counts its schema changes: a free notice of DDL nobody announced."""
        if connection.dialect.name != "sqlite":
            return False
        version = connection.exec_driver_sql("PRAGMA schema_version").scalar()
        moved, self._schema_version = version != self._schema_version, version
        return moved

    # -- changing ---------------------------------------------------------------------

    def needs_swap(self, look: Look) -> bool:
        """Whether applying this look changes models, so that work must be held meanwhile."""
        return look.found is not None and look.found.plan != self._plan

    def swap(self, look: Look) -> None:
        """Make the models fit, drop stale plans and move the cursor."""
        before = self.report
        found = look.found
        if found is not None:
            changed = self.overlay.apply(found.plan)
            self._plan, self.report = found.plan, found.report
            self._was_ready = self._was_ready or found.report.is_ready
            self.examiner.accept(found)
            if look.reading.is_change or changed:
                self.overlay.clear_caches()
                self.drop_plans()
                self.reloads += 1
            self._looked = True
        self.ledger.accept(look.reading, look.news)
        self.epoch = look.reading.epoch
        if self.report is not None and self.report.epoch != self.epoch:
            self.report = replace(self.report, epoch=self.epoch)
        self._announce(before, tuple(_changes(look.reading.applied)))

    def drop_plans(self, *also: Any) -> None:
        """Have no connection use a plan made before now.

        :param also: driver's connections that may have been taken before the watcher started.
        """
        self.plans.bump((*self.gate.in_use(), *also))

    def _announce(self, before: SchemaReport | None, changes: tuple[SchemaChange, ...]) -> None:
        after = self.report
        if after is None:
            return
        changed = before is None or (before.state, before.differences) != (
            after.state,
            after.differences,
        )
        if not changed and not changes:
            return
        if changed:
            level = logging.INFO if after.is_ready else logging.ERROR
            if after.state == "degraded":
                level = logging.WARNING
            log.log(level, "%s", after.describe())
        self._call(self._listeners, SchemaEvent(before, after, changes))

    def _call(self, listeners: Sequence[Callable[[Any], Any]], told: object) -> None:
        for listener in list(listeners):
            try:
                listener(told)
            except Exception:
                log.exception("a listener of the watcher failed")

    def on_change(self, listener: Callable[[SchemaEvent], Any]) -> None:
        """Call `listener` after each change of the schema or of the report's state."""
        self._listeners.append(_callable(listener))

    def on_restart_needed(self, listener: Callable[[SchemaReport], Any]) -> None:
        """Call `listener` once a change has left this process unable to serve."""
        self._restarters.append(_callable(listener))

    def consider_restart(self, now: float) -> None:
        """Ask for a restart where a change has taken what nothing here can give back.

        A process that could never serve does not ask: it would meet the same after it.
        """
        report = self.report
        if report is None or report.state != "drifted":
            self._was_ready = self._was_ready or (self.report is not None and self.report.is_ready)
            self._drifted_since = None
            return
        if not self._was_ready:
            return
        if self._drifted_since is None:
            self._drifted_since = now
        elif now - self._drifted_since >= self.options.restart_after:
            self._was_ready = False  # asked once
            self._call(self._restarters, report)

    # -- acknowledging ----------------------------------------------------------------

    def app_state(self) -> tuple[AppState, str | None]:
        """What the app's row says."""
        if self.report is None:
            return "starting", None
        states: dict[State, AppState] = {
            "current": "current", "degraded": "degraded", "drifted": "refused",
            "wrong_database": "refused", "unknown": "refused",
        }  # fmt: skip
        return states[self.report.state], self.report.brief() or None

    @property
    def _standing(self) -> Standing:
        return (self.epoch, *self.app_state())

    @property
    def has_news(self) -> bool:
        """Whether the app's row is not what it should be."""
        return self.ledger.is_there and self.row.told != self._standing

    def acknowledge(self, connection: sa.Connection, *, paused_at: int | None = None) -> None:
        """Write the app's row: what it has loaded and how it is."""
        if self.ledger.is_there:
            standing = self._standing
            if paused_at is not None:
                standing = (paused_at, "paused", standing[2])
            self.row.identity = self.report.database if self.report else None
            self.row.tell(connection, standing)

    def heartbeat(self, connection: sa.Connection) -> None:
        """Say that the app lives."""
        if self.ledger.is_there:
            self.row.heartbeat(connection, self._standing)

    def poll_interval(self, *, listening: bool) -> float:
        """Seconds until the next look unless something wakes the watcher."""
        uneasy = self.report is None or not self.report.ok
        if listening:
            return 0.5 if uneasy else QUIET_POLL
        poll = self.options.poll
        if poll is None:
            poll = 0.05 if self.engines[0].dialect.name == "sqlite" else 0.1
        return poll if self.ledger.is_there else max(poll, 0.5)

    def lost(self, error: Exception) -> None:
        """The database did not answer: keep the last good state, if there was one."""
        url = self.engines[0].url
        text = redacted(first_line(error), url)
        log.warning("the watcher lost its database and tries again: %s", text)
        self.gate.open()
        self.row.lose()
        if self.report is None:
            message = f"the database does not answer: {text}"
            self.report = SchemaReport("unknown", shown_url(url), message=message, error=text)

    def forget_plan(self) -> None:
        """The overlay is gone; look at everything when started again."""
        self._plan = OverlayPlan()
        self._looked = False

    def reset_after_fork(self) -> None:
        """Become another application instance, with connections of its own."""
        self.gate.reset_after_fork()
        for engine in self.engines:
            if not is_in_memory(engine):
                engine.dispose(close=False)
        self.row.become_another()


def _changes(entries: Sequence[Entry]) -> list[SchemaChange]:
    return [change for entry in entries for change in entry.changes]


def _callable(listener: Callable[[Any], Any]) -> Callable[[Any], Any]:
    if not callable(listener):
        raise TypeError(f"a listener is called with what happened; {listener!r} cannot be called")
    return listener
