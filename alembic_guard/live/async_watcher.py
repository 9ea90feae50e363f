"""`AsyncSchemaWatcher`: the same for asyncio; its task shares the core with the thread."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from types import TracebackType
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ..channels import AsyncListener, ChannelError
from ..errors import SchemaNotReady
from ..ledger.connections import twin_engine
from .core import TTL, Look, SchemaEvent, WatchCore
from .cursor import backoff
from .drift import classify, first_line, is_drift
from .gate import passing_gates
from .listening import async_listener_for
from .options import Options
from .report import SchemaReport
from .targets import Target, Targets
from .watcher import HEARING_POLL, HOLDING_POLL, RECHECK, UNEASY_POLL, _is_in_memory

log = logging.getLogger("alembic_guard.live")

STOPPING = 2.0
"""Seconds after which a task that did not end is cancelled again."""

T = TypeVar("T")
AsyncEngines = AsyncEngine | Sequence[AsyncEngine]


class AsyncSchemaWatcher:
    """As `SchemaWatcher`, for an `AsyncEngine`, as an asyncio task.

    ::

        async with AsyncSchemaWatcher(engine, Base):
            await serve()
    """

    def __init__(self, engine: AsyncEngines, *targets: Target, **options: Any) -> None:
        engines = tuple(_async([engine] if isinstance(engine, AsyncEngine) else engine))
        self._engine = engines[0]
        sync_engines = [one.sync_engine for one in engines]
        self.core = WatchCore(sync_engines, Targets(*targets), Options(**options))
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._passed = asyncio.Condition()
        self._requested = self._completed = 0
        self._acknowledged: Any = None

    # -- public -----------------------------------------------------------------------

    @property
    def epoch(self) -> int:
        """The newest ledger entry this process has loaded; 0 without a ledger."""
        return self.core.epoch

    @property
    def report(self) -> SchemaReport | None:
        """What the newest look found; None before the first."""
        return self.core.report

    @property
    def is_ready(self) -> bool:
        """Whether requests should come in."""
        report = self.core.report
        return report is not None and report.is_ready

    async def check(self) -> SchemaReport:
        """Compare models and database now. Changes nothing unless the watcher runs."""
        if self._task is not None and await self.catch_up(timeout=10.0) and self.core.report:
            return self.core.report
        with passing_gates():
            async with self._own_connection() as connection:
                look = await connection.run_sync(lambda c: self.core.look(c, force=True))
        assert look.report is not None
        return look.report

    async def start(self) -> AsyncSchemaWatcher:
        """Listen, look and make the models fit, then go on in a task; again is harmless."""
        if self._task is not None:
            return self
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._passed = asyncio.Condition()
        self.core.gate.attach()
        for engine in self.core.engines:
            event.listen(engine, "handle_error", self._on_error)
        ready = asyncio.Event()
        self._task = asyncio.create_task(self._run(ready), name="alembic-guard-watcher")
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(ready.wait(), 10.0)
        return self

    async def stop(self) -> None:
        """End the task, sign off, open the gate and put the models back."""
        task, self._task = self._task, None
        if task is None:
            return
        # before 3.12 wait_for may swallow it: https://github.com/python/cpython/issues/86296
        while not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=STOPPING)
        if not task.cancelled():
            task.result()
        for engine in self.core.engines:
            event.remove(engine, "handle_error", self._on_error)
        self.core.gate.detach()
        self.core.overlay.clear()
        self.core.forget_plan()

    async def __aenter__(self) -> AsyncSchemaWatcher:
        return await self.start()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    async def wait_for(self, epoch: int, timeout: float = 10.0) -> bool:
        """Wait until `epoch` is loaded; False when `timeout` seconds are over."""
        return await self._until(lambda: self.core.epoch >= epoch, timeout)

    def on_change(self, listener: Callable[[SchemaEvent], Any]) -> None:
        """Call `listener(event)` after each change, in the event loop."""
        self.core.on_change(listener)

    async def catch_up(self, timeout: float = 5.0) -> bool:
        """Have the schema looked at now and wait for it; False when that took too long."""
        self._requested += 1
        wanted = self._requested
        self._woken.set()
        return await self._until(lambda: self._completed >= wanted, timeout)

    async def settle(self, timeout: float = 5.0) -> bool:
        """Catch up, and wait while what was met is not explained yet.

        Where DDL commits by itself, its ledger row follows a moment later.
        """
        deadline = time.monotonic() + timeout
        while await self.catch_up(max(0.0, deadline - time.monotonic())):
            if self.is_ready or time.monotonic() >= deadline:
                return self.is_ready
            await asyncio.sleep(0.02)
        return False

    async def retrying(self, work: Callable[[], Awaitable[T]], timeout: float = 5.0) -> T:
        """Run a unit of work that may safely run twice: once more after a schema change."""
        try:
            return await work()
        except Exception as error:
            if not is_drift(error) or not await self.settle(timeout):
                raise
        return await work()

    def require_ready(self) -> None:
        """Raise `SchemaNotReady` where serving would mean errors or wrong answers."""
        report = self.core.report
        if report is not None and not report.is_ready:
            raise SchemaNotReady(report.message, state=report.state)

    # -- the task ---------------------------------------------------------------------

    async def _until(self, is_done: Callable[[], bool], timeout: float) -> bool:
        async def wait() -> None:
            async with self._passed:
                await self._passed.wait_for(is_done)

        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(wait(), timeout)
        return is_done()

    async def _run(self, ready: asyncio.Event) -> None:
        pauses = backoff()
        with passing_gates():
            while self._task is not None:
                try:
                    async with self._listening(), self._own_connection() as connection:
                        await self._pass(connection, force=True)
                        await connection.run_sync(self.core.acknowledge)
                        pauses = backoff()
                        ready.set()
                        try:
                            await self._watch(connection)
                        finally:
                            await self._sign_off(connection)
                except Exception as error:
                    log.warning(
                        "the watcher lost its database and tries again: %s", first_line(error)
                    )
                    self.core.gate.open()
                    self.core.lost(error)
                    ready.set()
                    await asyncio.sleep(next(pauses))

    async def _sign_off(self, connection: AsyncConnection) -> None:
        if self._task is None:  # stopping, not broken
            with contextlib.suppress(Exception):
                await connection.run_sync(self.core.sign_off)

    async def _watch(self, connection: AsyncConnection) -> None:
        beat = checked = time.monotonic()
        while self._task is not None:
            if self._requested == self._completed:
                await self._sleep()
            now = time.monotonic()
            requested = self._requested
            uneasy = self.core.report is None or not self.core.report.ok
            due = now - checked > (UNEASY_POLL if uneasy else RECHECK)
            force = requested != self._completed or due
            if force:
                checked = now
            if await self._pass(connection, force=force):
                beat = now
            elif now - beat > TTL / 3:
                await connection.run_sync(self.core.heartbeat)
                beat = now
            self._completed = max(self._completed, requested)
            await self._notify()

    async def _sleep(self) -> None:
        await self._wait_woken(self.core.poll_interval(listening=self._hears))
        if self._ear is not None and self._ear.done():
            self._ear.result()  # the channel broke: connect again

    async def _wait_woken(self, seconds: float) -> None:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)
        self._woken.clear()

    _hears = False
    _ear: asyncio.Task[None] | None = None

    async def _pass(self, connection: AsyncConnection, *, force: bool = False) -> bool:
        look = await connection.run_sync(lambda c: self.core.look(c, force=force))
        if look.reading.hold > 0:
            await self._hold(connection, look)
            return True
        moved = look.reading.epoch != self.core.epoch
        await self._swap(look)
        state = self.core.app_state()
        if moved or state != self._acknowledged:
            await connection.run_sync(self.core.acknowledge)
            self._acknowledged = state
            return True
        return False

    async def _swap(self, look: Look) -> None:
        gate = self.core.gate
        if self.core.needs_swap(look) and not gate.is_closed:
            gate.close(self.core.options.drain + 5.0)
            await gate.drain_async(self.core.options.drain)
        try:
            self.core.swap(look)
        finally:
            gate.open()
        await self._notify()

    async def _hold(self, connection: AsyncConnection, look: Look) -> None:
        until = time.monotonic() + look.reading.hold
        gate = self.core.gate
        gate.close(look.reading.hold)
        self.core.swap(look)
        epoch = look.reading.epoch
        paused = False
        while time.monotonic() < until:
            if not paused and await gate.drain_async(HOLDING_POLL):
                await connection.run_sync(lambda c: self.core.acknowledge(c, paused_at=epoch))
                paused = True
            reading = await connection.run_sync(self.core.read_ledger)
            if reading.epoch != epoch:
                break
            if paused:
                await self._wait_woken(HEARING_POLL if self._hears else HOLDING_POLL)
        else:
            log.warning("a pause was not ended within its lease; this process goes on")
        look = await connection.run_sync(lambda c: self.core.look(c, force=True))
        if look.reading.hold > 0:
            await self._hold(connection, look)
            return
        await self._swap(look)
        await connection.run_sync(self.core.acknowledge)
        self._acknowledged = self.core.app_state()

    async def _notify(self) -> None:
        async with self._passed:
            self._passed.notify_all()

    # -- connections ------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def _own_connection(self) -> AsyncIterator[AsyncConnection]:
        """A connection outside the pool, autocommit: it must never block a migration."""
        shared = _is_in_memory(self._engine.sync_engine)
        engine = self._engine if shared else AsyncEngine(twin_engine(self._engine.sync_engine))
        try:
            async with engine.connect() as connection:
                yield await connection.execution_options(isolation_level="AUTOCOMMIT")
        finally:
            if not shared:
                await engine.dispose()

    @contextlib.asynccontextmanager
    async def _listening(self) -> AsyncIterator[None]:
        """Let the channel wake us if it hears itself; else poll alone."""
        listener = async_listener_for(self._engine, self.core.options.channel)
        if listener is None:
            yield
            return
        try:
            await listener.__aenter__()
        except ChannelError as error:
            log.warning("no wake-ups, polling the ledger instead: %s", error)
            yield
            return
        try:
            self._hears = await listener.probe(2.0)
            if not self._hears:
                log.warning("this connection never hears a wake-up; polling the ledger instead")
                yield
                return
            self._ear = asyncio.create_task(self._listen(listener))
            yield
        finally:
            self._hears = False
            if self._ear is not None:
                self._ear.cancel()
                with contextlib.suppress(BaseException):
                    await self._ear
                self._ear = None
            await listener.__aexit__(None, None, None)

    async def _listen(self, listener: AsyncListener) -> None:
        try:
            while True:
                if await listener.wait(60.0) is not None:
                    self._woken.set()
        finally:
            self._woken.set()

    def _on_error(self, context: Any) -> None:
        """Drift in the application's own statement: look at once."""
        drift = classify(context.original_exception) or classify(context.sqlalchemy_exception)
        if drift is None:
            return
        if drift == "stale plan":
            self.core.plans.bump()
        self._requested += 1
        self._woken.set()


def _async(engines: Any) -> list[AsyncEngine]:
    found = list(engines) if isinstance(engines, (list, tuple)) else [engines]
    for engine in found:
        if isinstance(engine, sa.Engine):
            raise TypeError(
                "AsyncSchemaWatcher needs an AsyncEngine; for an Engine use SchemaWatcher"
            )
        if not isinstance(engine, AsyncEngine):
            raise TypeError(f"{engine!r} is not an SQLAlchemy asyncio engine")
    return found
