"""The ear of an event loop: as `Ear`, as a task."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable

from ..channels import AsyncListener, ChannelError
from .cursor import backoff
from .ears import DEAF_SECONDS, PROBE_SECONDS, QUIET_SECONDS, Complaints
from .turnstile import passing_gates

log = logging.getLogger("alembic_guard.live")

ANSWER_SECONDS = PROBE_SECONDS + 3.0
"""For a probe with its statements, on a connection that may be cut."""


class AsyncEar:
    """A listener in a task of its own; parameters as for `Ear`."""

    def __init__(
        self,
        listener: AsyncListener,
        on_wake: Callable[[], object],
        on_hearing: Callable[[bool], object],
    ) -> None:
        self._listener = listener
        self._on_wake, self._on_hearing = on_wake, on_hearing
        self._task: asyncio.Task[None] | None = None

    def start(self) -> AsyncEar:
        """Begin to listen."""
        self._task = asyncio.create_task(self._run(), name="alembic-guard-ear")
        return self

    async def stop(self, timeout: float = 5.0) -> None:
        """End, and wait for it at most `timeout` seconds."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task}, timeout=timeout)

    async def _run(self) -> None:
        pauses, complaints = backoff(), Complaints()
        with passing_gates():
            while self._task is not None:
                began, pause = time.monotonic(), next(pauses)
                try:
                    async with self._listener as listener:
                        if await _probe(listener):
                            complaints.praise()
                            pauses = backoff()
                            self._on_hearing(True)
                            await self._hear(listener)
                        else:
                            complaints.complain("this connection never hears a wake-up")
                            pause = DEAF_SECONDS
                except ChannelError as error:
                    complaints.complain(f"no wake-ups: {error}")
                except Exception as error:
                    log.exception("a listener failed")
                    complaints.complain(f"no wake-ups: {error!r}")
                finally:
                    self._on_hearing(False)
                self._on_wake()
                await asyncio.sleep(max(0.1, pause - (time.monotonic() - began)))

    async def _hear(self, listener: AsyncListener) -> None:
        self._on_wake()
        while self._task is not None:
            if await listener.wait(QUIET_SECONDS) is None and not await _probe(listener):
                raise ChannelError("the listener hears nothing any more")
            self._on_wake()


async def _probe(listener: AsyncListener) -> bool:
    with contextlib.suppress(asyncio.TimeoutError):
        return await asyncio.wait_for(listener.probe(PROBE_SECONDS), ANSWER_SECONDS)
    return False
