"""Polling hears of every epoch, also of one that goes back."""

from __future__ import annotations

import asyncio
import threading

from alembic_guard.channels.polling import AsyncPollingListener, PollingListener


def test_a_new_epoch_is_heard_once() -> None:
    epochs = iter([3, 3, 5, 5, 5, 5])
    with PollingListener(lambda: next(epochs), interval=0.001) as listener:
        assert listener.wait(5) == 5
        assert listener.wait(0.002) is None


def test_a_restored_backup_is_heard() -> None:
    epochs = iter([9, 4])
    with PollingListener(lambda: next(epochs), interval=0.001) as listener:
        assert listener.wait(5) == 4


def test_a_wait_is_interrupted() -> None:
    with PollingListener(lambda: 1, interval=60) as listener:
        threading.Timer(0.02, listener.interrupt).start()

        assert listener.wait(60) is None


def test_asyncio_polls_too() -> None:
    epochs = iter([3, 3, 5])

    async def read() -> int:
        return next(epochs)

    async def hear() -> int | None:
        async with AsyncPollingListener(read, interval=0.001) as listener:
            return await listener.wait(5)

    assert asyncio.run(hear()) == 5
