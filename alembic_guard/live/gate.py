"""Hold new work at the pool while the schema moves, and wait for the work under way.

The gate stands in the pool's ``checkout`` event, so it needs nothing of the program. A
thread or task that already holds a connection passes: it must be able to finish.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from .plans import StalePlans

_passes = contextvars.ContextVar("alembic_guard_passes", default=False)


@contextlib.contextmanager
def passing_gates() -> Iterator[None]:
    """Let the watcher's own checkouts through."""
    token = _passes.set(True)
    try:
        yield
    finally:
        _passes.reset(token)


def is_passing() -> bool:
    """Whether this is the watcher's own work."""
    return _passes.get()


class PauseGate:
    """One gate for the engines of one watcher; usable from threads and from event loops."""

    def __init__(self, engines: tuple[Engine, ...], plans: StalePlans) -> None:
        self._engines = engines
        self._plans = plans
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
            for name, listener in self._listeners():
                event.listen(engine, name, listener)

    def detach(self) -> None:
        """Open, and leave the engines as they were."""
        self.open()
        if not self._attached:
            return
        self._attached = False
        for engine in self._engines:
            for name, listener in self._listeners():
                event.remove(engine, name, listener)
        self._busy.clear()

    def _listeners(self) -> tuple[tuple[str, Any], ...]:
        return (
            ("connect", self._plans.on_connect),
            ("checkout", self._on_checkout),
            ("checkin", self._on_checkin),
            ("detach", self._on_checkin),
        )

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

    def _on_checkout(self, dbapi_connection: Any, record: Any, proxy: Any) -> None:
        if is_passing():
            return
        owner = _owner()
        run_async = getattr(dbapi_connection, "run_async", None)
        while not self._enter(record, owner, wait=run_async is None):
            future = self._new_waiter()
            if future is not None and run_async is not None:
                run_async(lambda _, future=future: self._until_open(future))
        self._plans.heal(dbapi_connection, record)

    def _enter(self, record: Any, owner: object, *, wait: bool) -> bool:
        with self._condition:
            if self.is_closed and owner not in self._busy.values():
                self.held += 1
                if not wait:
                    return False
                while self.is_closed:
                    self._condition.wait(max(0.0, (self._closed_until or 0) - time.monotonic()))
            self._busy[record] = owner
            return True

    def _new_waiter(self) -> asyncio.Future[None] | None:
        loop = asyncio.get_running_loop()
        with self._condition:
            if not self.is_closed:
                return None
            future: asyncio.Future[None] = loop.create_future()
            self._waiters.append((loop, future))
            return future

    async def _until_open(self, future: asyncio.Future[None]) -> None:
        remaining = max(0.0, (self._closed_until or 0.0) - time.monotonic())
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(future, remaining)

    def _on_checkin(self, dbapi_connection: Any, record: Any) -> None:
        with self._condition:
            if self._busy.pop(record, None) is not None and not self._busy:
                self._condition.notify_all()


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
