"""A POSIX signal to the apps of this machine: ``signal:///run/myapp?signal=SIGUSR1``.

The path is a folder in which each listener leaves a file with its process id. A signal that
nobody handles would end a process, so only processes that have such a file, and are still
the process that wrote it, are signalled. It carries no epoch: the listener hears 0, which
means "look".
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..usage import UsageError
from .base import ChannelError
from .redis import split_option

LOOK = 0


class SignalChannel:
    """Wake-ups by `kill`."""

    name = "signal"

    def __init__(self, url: str) -> None:
        plain, name = split_option(url, "signal", "SIGUSR1")
        self._folder = Path(urlsplit(plain).path)
        try:
            self._signal = signal.Signals[name]
        except KeyError:
            raise UsageError(f"there is no signal {name} on this system") from None

    def wake(self, epoch: int) -> None:
        """Signal every listener that still lives."""
        for path in self._folder.glob("*.pid"):
            pid, _, started = path.read_text().partition(" ")
            if pid.isdigit() and started == _started(int(pid)):
                try:
                    os.kill(int(pid), self._signal)
                except PermissionError as error:
                    raise ChannelError(f"process {pid} is another user's") from error
                except ProcessLookupError:
                    continue

    def listen(self) -> SignalListener:
        """A listener for a thread; made or entered in the main thread, as handlers must be."""
        return SignalListener(self._folder, self._signal)

    def listen_async(self) -> AsyncSignalListener:
        """A listener for asyncio."""
        return AsyncSignalListener(self._folder, self._signal)

    def close(self) -> None:
        """Nothing is kept open."""


def _started(pid: int) -> str:
    """When the process began, in the kernel's ticks, so that a reused number is noticed."""
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    return "unknown"


class _PidFile:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def _path(self) -> Path:
        """This process's file, also after a fork."""
        return self._folder / f"{socket.gethostname()}-{os.getpid()}.pid"

    def write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(f"{os.getpid()} {_started(os.getpid())}")

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)


class SignalListener:
    """Hears the signal; the handler only sets an event."""

    def __init__(self, folder: Path, number: signal.Signals) -> None:
        self._file, self._signal = _PidFile(folder), number
        self._event = threading.Event()
        self._was_signalled = False
        self._before: Any = None
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(self._signal, self._on_signal)

    def __enter__(self) -> SignalListener:
        try:
            before = signal.signal(self._signal, self._on_signal)
            self._before = before if self._before is None else self._before
        except ValueError as error:
            if self._before is None:
                raise ChannelError(
                    "a signal can only be listened for in the main thread"
                ) from error
        self._file.write()
        return self

    def __exit__(self, *_: object) -> None:
        self._file.remove()
        with contextlib.suppress(ValueError, TypeError):  # outside the main thread it stays ours
            signal.signal(self._signal, self._before)
            self._before = None

    def _on_signal(self, number: int, frame: object) -> None:
        self._was_signalled = True
        self._event.set()

    def wait(self, timeout: float) -> int | None:
        """0, which means "look", when signalled within `timeout` seconds, or None."""
        self._event.wait(timeout)
        self._event.clear()
        was_signalled, self._was_signalled = self._was_signalled, False
        return LOOK if was_signalled else None

    def interrupt(self) -> None:
        """Make a `wait` in another thread return now."""
        self._event.set()

    def probe(self, timeout: float) -> bool:
        """Signal ourselves."""
        os.kill(os.getpid(), self._signal)
        return self.wait(timeout) is not None


class AsyncSignalListener:
    """Hears the signal in the running event loop of the main thread."""

    def __init__(self, folder: Path, number: signal.Signals) -> None:
        self._file, self._signal = _PidFile(folder), number

    async def __aenter__(self) -> AsyncSignalListener:
        self._event = asyncio.Event()
        try:
            asyncio.get_running_loop().add_signal_handler(self._signal, self._event.set)
        except (ValueError, RuntimeError, NotImplementedError) as error:
            raise ChannelError("a signal can only be listened for in the main thread") from error
        self._file.write()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._file.remove()
        asyncio.get_running_loop().remove_signal_handler(self._signal)

    async def wait(self, timeout: float) -> int | None:
        """0, which means "look", when signalled within `timeout` seconds, or None."""
        try:
            await asyncio.wait_for(self._event.wait(), timeout)
        except asyncio.TimeoutError:
            return None
        self._event.clear()
        return LOOK

    async def probe(self, timeout: float) -> bool:
        """Signal ourselves."""
        os.kill(os.getpid(), self._signal)
        return await self.wait(timeout) is not None
