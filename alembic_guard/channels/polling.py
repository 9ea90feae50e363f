"""The universal fallback: ask the ledger for its newest epoch, again and again.

One indexed ``max(epoch)`` a second costs a server about as much as a connection's keepalive;
a thousand pollers are 800 queries a second.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable


class PollingListener:
    """Hears of an epoch by reading it.

    :param read: returns the newest epoch, on a connection the caller owns.
    :param interval: seconds between two reads.
    """

    def __init__(self, read: Callable[[], int], interval: float = 1.0) -> None:
        self._read, self._interval = read, interval
        self._seen = 0
        self._interrupted = threading.Event()

    def __enter__(self) -> PollingListener:
        self._seen = self._read()
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def wait(self, timeout: float) -> int | None:
        """Block until the epoch differs from the last one seen; it may have gone back."""
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            if self._interrupted.wait(min(left, self._interval)):
                self._interrupted.clear()
                return None
            epoch = self._read()
            if epoch != self._seen:
                self._seen = epoch
                return epoch
        return None

    def interrupt(self) -> None:
        """Make `wait` return now."""
        self._interrupted.set()

    def probe(self, timeout: float) -> bool:
        """A ledger that can be read can be polled."""
        self._read()
        return True


class AsyncPollingListener:
    """As `PollingListener`; `read` is awaited."""

    def __init__(self, read: Callable[[], Awaitable[int]], interval: float = 1.0) -> None:
        self._read, self._interval = read, interval
        self._seen = 0

    async def __aenter__(self) -> AsyncPollingListener:
        self._seen = await self._read()
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def wait(self, timeout: float) -> int | None:
        """Wait until the epoch differs from the last one seen."""
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            await asyncio.sleep(min(left, self._interval))
            epoch = await self._read()
            if epoch != self._seen:
                self._seen = epoch
                return epoch
        return None

    async def probe(self, timeout: float) -> bool:
        """A ledger that can be read can be polled."""
        await self._read()
        return True
