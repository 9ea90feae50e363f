"""What a watcher does, as a generator of steps that a thread or a task carries out.

Every decision is here and nothing waits here, so that the two drivers cannot differ.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa

from .app_row import TTL
from .core import Look, WatchCore

log = logging.getLogger("alembic_guard.live")

HOLDING_POLL = 0.005
HEARING_POLL = 0.1
UNEASY_POLL = 0.5
RECHECK = 30.0


@dataclass(frozen=True, slots=True)
class Ask:
    """Call `work` with the watcher's connection; the answer is what it returns."""

    work: Callable[[sa.Connection], Any]


@dataclass(frozen=True, slots=True)
class Drain:
    """Wait at most `seconds` until nothing is checked out; the answer is whether that is so."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait at most `seconds`, less when woken."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Tell:
    """Something that is waited for may have happened."""


Step: TypeAlias = Ask | Drain | Sleep | Tell
Steps: TypeAlias = Generator[Step, Any, None]


class Course:
    """One run of a watcher, from start to stop."""

    def __init__(self, core: WatchCore) -> None:
        self._core = core
        self._beat = self._checked = 0.0
        self.requested = 0
        """How many looks were asked for; a driver counts it up and wakes the run."""
        self.completed = 0
        self.has_answered = False
        """Whether the present connection has been of use."""
        self.is_started = False
        self.is_hearing = False
        self.is_stopping = False
        self.is_parking = False

    @property
    def is_leaving(self) -> bool:
        """Whether the connection is to be given up, for good or for a fork."""
        return self.is_stopping or self.is_parking

    def life(self) -> Steps:
        """What happens on one connection, until asked to leave."""
        yield from self._look(force=True)
        yield from self._acknowledge(always=True)
        self._checked = time.monotonic()
        self.is_started = True
        yield Tell()
        while not self.is_leaving:
            if self.requested == self.completed:
                yield Sleep(self._core.poll_interval(listening=self.is_hearing))
            if not self.is_leaving:
                yield from self._turn()
        if self.is_stopping:
            yield Ask(self._core.row.sign_off)

    def _turn(self) -> Steps:
        """Look, if only at the ledger; after a request or a while at everything."""
        requested = self.requested
        report = self._core.report
        is_uneasy = report is None or not report.ok
        now = time.monotonic()
        is_due = now - self._checked > (UNEASY_POLL if is_uneasy else RECHECK)
        is_forced = is_due or requested != self.completed
        if is_forced:
            self._checked = now
        yield from self._look(force=is_forced)
        yield from self._keep_alive()
        self._core.consider_restart(now)
        self.completed = max(self.completed, requested)
        yield Tell()

    def _keep_alive(self) -> Steps:
        if time.monotonic() - self._beat > TTL / 3:
            yield Ask(self._core.heartbeat)
            self._beat = time.monotonic()

    def _look(self, *, force: bool) -> Steps:
        """Look once and do what is needed."""
        look: Look = yield Ask(lambda connection: self._core.look(connection, force=force))
        self.has_answered = True
        if look.reading.hold > 0:
            yield from self._hold(look)
        else:
            yield from self._swap(look)
            yield from self._acknowledge()

    def _acknowledge(self, *, always: bool = False) -> Steps:
        if always or self._core.has_news:
            yield Ask(self._core.acknowledge)
            self._beat = time.monotonic()

    def _swap(self, look: Look) -> Steps:
        gate = self._core.gate
        if self._core.needs_swap(look) and not gate.is_closed:
            gate.close(self._core.options.drain + 5.0)
            yield Drain(self._core.options.drain)
        try:
            self._core.swap(look)
        finally:
            gate.open()
        yield Tell()

    def _hold(self, look: Look) -> Steps:
        """Hold new work, wait for what is under way, say so, until the change is made."""
        until = time.monotonic() + look.reading.hold
        before, epoch = self._core.epoch, look.reading.epoch
        self._core.gate.close(look.reading.hold)
        self._core.swap(look)
        paused = False
        while time.monotonic() < until:
            if self.is_leaving:
                self._core.epoch = before  # the pause is read again after a fork
                return
            if not paused and (yield Drain(HOLDING_POLL)):
                yield Ask(lambda connection: self._core.acknowledge(connection, paused_at=epoch))
                paused = True
            reading = yield Ask(self._core.read_ledger)
            if reading.epoch != epoch:
                break
            yield from self._keep_alive()
            if paused:
                yield Sleep(HEARING_POLL if self.is_hearing else HOLDING_POLL)
        else:
            log.warning("a pause was not ended within its lease; this process goes on")
        yield from self._look(force=True)
