"""NATS core: ``nats://host:4222?subject=alembic_guard``.

The client library is asyncio only, so synchronous callers get an event loop in a thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from ..errors import MissingExtra
from .base import ChannelError, parse_epoch
from .mailbox import Mailbox
from .redis import as_channel_error, split_option

DEFAULT_SUBJECT = "alembic_guard"
CONNECT_SECONDS = 3


class NatsChannel:
    """Wake-ups through one subject."""

    name = "nats"

    def __init__(self, url: str) -> None:
        self._url, self._subject = split_option(url, "subject", DEFAULT_SUBJECT)

    def wake(self, epoch: int) -> None:
        """Publish the epoch and wait until the server has it."""
        with as_channel_error():
            _in_a_thread(lambda: self._publish(epoch))

    async def _publish(self, epoch: int) -> None:
        client = await _connect(self._url)
        try:
            await client.publish(self._subject, str(epoch).encode())
            await client.flush(CONNECT_SECONDS)
        finally:
            await client.close()

    def listen(self) -> NatsListener:
        """A listener for a thread."""
        return NatsListener(self._url, self._subject)

    def listen_async(self) -> AsyncNatsListener:
        """A listener for asyncio."""
        return AsyncNatsListener(self._url, self._subject)

    def close(self) -> None:
        """Nothing is kept open."""


class AsyncNatsListener:
    """Hears of epochs in the running event loop; a lost server is an error, not a retry."""

    def __init__(self, url: str, subject: str) -> None:
        self._url, self._subject = url, subject

    async def __aenter__(self) -> AsyncNatsListener:
        self._heard: Mailbox[int | ChannelError] = Mailbox()
        with as_channel_error():
            self._client = await _connect(self._url, self._on_lost)
            await self._client.subscribe(self._subject, cb=self._on_message)
            await self._client.flush(CONNECT_SECONDS)
        return self

    async def __aexit__(self, *_: object) -> None:
        with contextlib.suppress(Exception):
            await self._client.close()

    async def _on_message(self, message: Any) -> None:
        epoch = parse_epoch(message.data)
        if epoch is not None:
            self._heard.put(epoch)

    async def _on_lost(self) -> None:
        self._heard.put(ChannelError("the NATS server closed the connection"))

    async def wait(self, timeout: float) -> int | None:
        """The newest epoch heard within `timeout` seconds, or None."""
        newest: int | None = None
        for item in await self._heard.take(timeout):
            if isinstance(item, ChannelError):
                raise item
            newest = item
        return newest

    async def probe(self, timeout: float) -> bool:
        """Whether the server answers a ping."""
        with as_channel_error():
            await self._client.flush(timeout)
        return True


class NatsListener:
    """Hears of epochs in a thread of its own, which runs the asyncio listener."""

    def __init__(self, url: str, subject: str) -> None:
        self._listener = AsyncNatsListener(url, subject)
        self._heard: queue.Queue[int | Exception | None] = queue.Queue()

    def __enter__(self) -> NatsListener:
        self._heard = queue.Queue()
        self._is_settled = threading.Event()
        self._is_ready = False
        self._thread = threading.Thread(target=self._run, name="guard-nats", daemon=True)
        self._thread.start()
        self._is_settled.wait(CONNECT_SECONDS + 2)
        if not self._is_ready:
            problem = self._heard.get_nowait() if not self._heard.empty() else None
            raise problem if isinstance(problem, ChannelError) else ChannelError("no NATS server")
        return self

    def _run(self) -> None:
        try:
            asyncio.run(self._listen())
        except Exception as error:
            self._heard.put(error if isinstance(error, ChannelError) else ChannelError(str(error)))
        finally:
            self._is_settled.set()

    async def _listen(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        async with self._listener:
            self._is_ready = True
            self._is_settled.set()
            stop = asyncio.ensure_future(self._stop.wait())
            while not stop.done():
                heard = asyncio.ensure_future(self._listener.wait(60))
                await asyncio.wait({stop, heard}, return_when=asyncio.FIRST_COMPLETED)
                if heard.done():
                    self._forward(heard.result())
                else:
                    heard.cancel()

    def _forward(self, epoch: int | None) -> None:
        if epoch is not None:
            self._heard.put(epoch)

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(RuntimeError, AttributeError):
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)

    def wait(self, timeout: float) -> int | None:
        """The newest epoch heard within `timeout` seconds, or None."""
        try:
            item = self._heard.get(timeout=max(timeout, 0.001))
        except queue.Empty:
            return None
        if isinstance(item, Exception):
            raise item
        return item

    def interrupt(self) -> None:
        """Make a `wait` in another thread return now."""
        self._heard.put(None)

    def probe(self, timeout: float) -> bool:
        """Whether the server answers a ping."""
        with as_channel_error():
            asked = asyncio.run_coroutine_threadsafe(self._listener.probe(timeout), self._loop)
            return asked.result(timeout + 1)


async def _connect(url: str, on_lost: Callable[[], Awaitable[None]] | None = None) -> Any:
    try:
        import nats
    except ImportError as error:
        raise MissingExtra("nats-py", "nats", "the nats channel") from error

    async def ignore(error: Exception) -> None:
        """The library logs with a traceback by default; our caller gets a ChannelError."""

    # the library counts attempts of the first connection as reconnects, sixty of them
    return await nats.connect(
        url,
        connect_timeout=CONNECT_SECONDS,
        allow_reconnect=False,
        max_reconnect_attempts=1,
        reconnect_time_wait=0.05,
        error_cb=ignore,
        closed_cb=on_lost,
    )


def _in_a_thread(work: Callable[[], Awaitable[None]]) -> None:
    """Run a coroutine to its end, also when the caller's thread has a running loop."""
    problem: list[BaseException] = []

    async def run() -> None:
        await work()

    def target() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:
            problem.append(error)

    thread = threading.Thread(target=target, name="guard-nats-wake")
    thread.start()
    thread.join()
    if problem:
        raise problem[0]
