"""Hold new work at the pool while the schema moves, and wait for the work under way.

The gate stands in the pool's ``checkout`` event, so it needs nothing of the program. A
thread or task that already holds a connection passes: it must be able to finish.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from typing import Any

from sqlalchemy.engine import Engine

from .plans import StalePlans
from .turnstile import turnstile_of


class PauseGate:
    """One gate for the engines of one watcher; usable from threads and from event loops."""

    def __init__(self, engines: tuple[Engine, ...], plans: StalePlans) -> None:
        self._engines = engines
        self.plans = plans
        self._condition = threading.Condition()
        self._closed_until: float | None = None
        self._waiters: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []
        self._busy: dict[Any, object] = {}
        self._attached = False
        self.held = 0
        """How many checkouts have had to wait so far."""

    def attach(self) -> None:
        """Stand in the engines' checkouts from now on; again is harmless."""
        if self._attached:
            return
        self._attached = True
        for engine in self._engines:
            turnstile_of(engine).add(engine, self)

    def detach(self) -> None:
        """Open, and leave the engines as they were."""
        self.open()
        if not self._attached:
            return
        self._attached = False
        for engine in self._engines:
            turnstile_of(engine).remove(engine, self)
        self._busy.clear()

    @property
    def is_closed(self) -> bool:
        """Whether new checkouts wait now."""
        until = self._closed_until
        return until is not None and time.monotonic() < until

    def close(self, seconds: float) -> None:
        """Hold new checkouts for at most `seconds`, whatever happens to who closed it."""
        with self._condition:
            self._closed_until = time.monotonic() + seconds

    def open(self) -> None:
        """Let everybody go on."""
        with self._condition:
            self._closed_until = None
            waiters, self._waiters = self._waiters, []
            self._condition.notify_all()
        for loop, future in waiters:
            with contextlib.suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(_resolve, future)

    def busy(self) -> int:
        """How many connections are checked out by the program."""
        return len(self._busy)

    def in_use(self) -> list[Any]:
        """The driver's connections that are checked out by the program."""
        with self._condition:
            records = list(self._busy)
        return [record.driver_connection for record in records]

    def drain(self, seconds: float) -> bool:
        """Wait in this thread until nothing is checked out; False when time is up."""
        with self._condition:
            return self._condition.wait_for(lambda: not self._busy, timeout=seconds)

    async def drain_async(self, seconds: float) -> bool:
        """Wait in this event loop until nothing is checked out; False when time is up."""
        deadline = time.monotonic() + seconds
        while self._busy:
            if time.monotonic() >= deadline:
                return False
            await asyncio.sleep(0.002)
        return True

    def reset_after_fork(self) -> None:
        """Forget the parent's threads and connections: none of them exists here."""
        self._condition = threading.Condition()
        self._closed_until = None
        self._waiters = []
        self._busy = {}

    def enter(self, record: Any) -> bool:
        """Let a connection be used, unless the gate is closed to whoever takes it."""
        owner = _owner()
        with self._condition:
            if self.is_closed and owner not in self._busy.values():
                self.held += 1
                return False
            self._busy[record] = owner
            return True

    def leave(self, record: Any) -> None:
        """The connection is not used any more, or not yet."""
        with self._condition:
            if self._busy.pop(record, None) is not None and not self._busy:
                self._condition.notify_all()

    def wait(self) -> None:
        """Wait in this thread while the gate is closed."""
        with self._condition:
            while self.is_closed:
                self._condition.wait(self._seconds_closed())

    async def wait_async(self) -> None:
        """Wait in this event loop while the gate is closed."""
        loop = asyncio.get_running_loop()
        with self._condition:
            if not self.is_closed:
                return
            future: asyncio.Future[None] = loop.create_future()
            self._waiters.append((loop, future))
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(future, self._seconds_closed())

    def _seconds_closed(self) -> float:
        return max(0.0, (self._closed_until or 0.0) - time.monotonic())


def _owner() -> object:
    """Who checks out: the running asyncio task, else the thread."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        task = None
    return task if task is not None else threading.get_ident()


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
