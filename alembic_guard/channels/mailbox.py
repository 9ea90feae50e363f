"""What a listener has heard, waited for without a task of its own.

`asyncio.wait_for` around a queue makes a task each time; a thousand listeners in one process
spend more on it than on the wake-up.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """A queue with one reader, in one event loop."""

    def __init__(self) -> None:
        self._items: deque[T] = deque()
        self._waiting: asyncio.Future[None] | None = None

    def put(self, item: T) -> None:
        """Add an item and wake the reader."""
        self._items.append(item)
        _resolve(self._waiting)

    async def take(self, timeout: float) -> list[T]:
        """Everything that has come, at least one item unless `timeout` seconds pass without."""
        if not self._items:
            loop = asyncio.get_running_loop()
            self._waiting = loop.create_future()
            timer = loop.call_later(timeout, _resolve, self._waiting)
            try:
                await self._waiting
            finally:
                timer.cancel()
                self._waiting = None
        items = list(self._items)
        self._items.clear()
        return items


def _resolve(future: asyncio.Future[None] | None) -> None:
    if future is not None and not future.done():
        future.set_result(None)
