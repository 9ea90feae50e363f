"""`AsyncSchemaWatcher`: the same for asyncio; its task takes the same steps as the thread."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from .async_connections import own_connection
from .async_ears import AsyncEar
from .core import WatchCore
from .cursor import Pauses
from .drift import Retries
from .facade import WatcherFacade
from .listening import async_listener_for
from .options import Options
from .report import SchemaReport
from .steps import Ask, Course, Drain, Sleep, Step
from .targets import Target, Targets
from .turnstile import passing_gates

STOPPING = 2.0
"""Seconds after which a task that did not end is cancelled."""

T = TypeVar("T")
AsyncEngines = AsyncEngine | Sequence[AsyncEngine]


class AsyncSchemaWatcher(WatcherFacade):
    """As `SchemaWatcher`, for an `AsyncEngine`, as an asyncio task.

    ::

        async with AsyncSchemaWatcher(engine, Base):
            await serve()
    """

    def __init__(self, engine: AsyncEngines, *targets: Target, **options: Any) -> None:
        engines = tuple(_async([engine] if isinstance(engine, AsyncEngine) else engine))
        if not engines:
            raise TypeError("AsyncSchemaWatcher needs an engine: AsyncSchemaWatcher(engine, Base)")
        sync_engines = [one.sync_engine for one in engines]
        super().__init__(WatchCore(sync_engines, Targets(*targets), Options(**options)))
        self._engine = engines[0]
        self._task: asyncio.Task[None] | None = None
        self._ear: AsyncEar | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._told = asyncio.Condition()

    # -- public -----------------------------------------------------------------------

    async def check(self) -> SchemaReport:
        """Compare models and database now. Changes nothing unless the watcher runs."""
        if self._task is not None and await self.catch_up(timeout=10.0) and self.core.report:
            return self.core.report
        with passing_gates():
            async with own_connection(self._engine) as connection:
                look = await connection.run_sync(lambda c: self.core.look(c, force=True))
        assert look.report is not None
        return look.report

    async def start(self) -> AsyncSchemaWatcher:
        """Listen, look and make the models fit, then go on in a task; again is harmless.

        In another event loop than before, whose end nobody told us, it starts anew.
        """
        if self._task is not None and self._loop is asyncio.get_running_loop():
            return self
        if self._task is None:
            self._attach()
        self._loop = asyncio.get_running_loop()
        self._course = Course(self.core)
        self._woken = asyncio.Event()
        self._told = asyncio.Condition()
        ready = asyncio.Event()
        listener = async_listener_for(self._engine, self.core.options.channel)
        self._ear = None
        if listener is not None:
            self._ear = AsyncEar(listener, self._woken.set, self._set_hearing).start()
        self._task = asyncio.create_task(
            self._run(self._course, ready), name="alembic-guard-watcher"
        )
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(ready.wait(), 10.0)
        return self

    async def stop(self) -> None:
        """End the task, sign off, open the gate and put the models back."""
        task, self._task = self._task, None
        if task is None:
            return
        self._course.is_stopping = True
        if self._loop is asyncio.get_running_loop():
            self._woken.set()
            if self._ear is not None:
                await self._ear.stop()
            await self._end(task)
        self._detach()

    async def _end(self, task: asyncio.Task[None]) -> None:
        await asyncio.wait({task}, timeout=STOPPING)
        # before 3.12 wait_for may swallow it: https://github.com/python/cpython/issues/86296
        while not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=STOPPING)
        if not task.cancelled():
            task.result()

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

    async def catch_up(self, timeout: float = 5.0) -> bool:
        """Have the schema looked at now and wait for it; False when that took too long."""
        wanted, course = self._request(), self._course
        return await self._until(lambda: course.completed >= wanted, timeout)

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
        retries = Retries()
        while True:
            try:
                return await work()
            except Exception as error:
                if not retries.allow(error) or not await self.settle(timeout):
                    raise

    # -- the task ---------------------------------------------------------------------

    async def _until(self, is_done: Callable[[], bool], timeout: float) -> bool:
        async def wait() -> None:
            async with self._told:
                await self._told.wait_for(is_done)

        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(wait(), timeout)
        return is_done()

    def _request(self) -> int:
        self._course.requested += 1
        wanted = self._course.requested
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed
                self._loop.call_soon_threadsafe(self._woken.set)
        return wanted

    def _set_hearing(self, is_hearing: bool) -> None:
        self._course.is_hearing = is_hearing

    async def _run(self, course: Course, ready: asyncio.Event) -> None:
        pauses = Pauses()
        with passing_gates():
            while not course.is_stopping:
                pauses.begin()
                course.is_started = course.has_answered = False
                try:
                    async with own_connection(self._engine) as connection:
                        await self._walk(course, connection, ready)
                except Exception as error:
                    self.core.lost(error)
                    ready.set()
                    await asyncio.sleep(pauses.after(has_answered=course.has_answered))

    async def _walk(
        self, course: Course, connection: AsyncConnection, ready: asyncio.Event
    ) -> None:
        """Carry out the steps of one connection's life."""
        with contextlib.closing(course.life()) as steps:
            answer: Any = None
            while True:
                try:
                    step = steps.send(answer)
                except StopIteration:
                    return
                answer = await self._carry_out(step, connection)
                if course.is_started:
                    ready.set()

    async def _carry_out(self, step: Step, connection: AsyncConnection) -> Any:
        if isinstance(step, Ask):
            return await connection.run_sync(step.work)
        if isinstance(step, Drain):
            return await self.core.gate.drain_async(step.seconds)
        if isinstance(step, Sleep):
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._woken.wait(), step.seconds)
            self._woken.clear()
            return None
        async with self._told:
            self._told.notify_all()
        return None


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
