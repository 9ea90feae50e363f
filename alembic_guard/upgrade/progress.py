"""Show a long wait: a line that rewrites itself on a terminal, log lines elsewhere."""

from __future__ import annotations

import logging
import sys
import time
from types import TracebackType
from typing import TextIO

log = logging.getLogger("alembic_guard.upgrade")

BAR_WIDTH = 24
LOG_SECONDS = 5.0


class Progress:
    """One wait, as a context manager; `show` may be called as often as one likes.

    Nothing is shown before the wait has lasted `patience` seconds.
    """

    def __init__(self, stream: TextIO | None = None, patience: float = 0.3) -> None:
        self._stream = stream or sys.stderr
        self._is_terminal = self._stream.isatty()
        self._began = time.monotonic()
        self._next = self._began + (patience if self._is_terminal else 1.0)
        self._width = 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._rewrite("")

    @property
    def elapsed(self) -> float:
        """Seconds since the wait began."""
        return time.monotonic() - self._began

    def show(self, text: str, done: int = 0, total: int = 0) -> None:
        """Say what is waited for, and how much of it is done."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + (0.1 if self._is_terminal else LOG_SECONDS)
        seconds = f"{self.elapsed:.0f} s"
        if self._is_terminal:
            self._rewrite(f"{_bar(done, total)}{text} ({seconds})")
        else:
            count = f"{done}/{total} " if total else ""
            log.info("%s%s (%s)", count, text, seconds)

    def _rewrite(self, line: str) -> None:
        if not self._is_terminal or not (line or self._width):
            return
        self._stream.write("\r" + line.ljust(self._width) + ("" if line else "\r"))
        self._stream.flush()
        self._width = len(line)


def _bar(done: int, total: int) -> str:
    if not total:
        return ""
    filled = BAR_WIDTH * done // total
    return f"[{'#' * filled}{'.' * (BAR_WIDTH - filled)}] {done}/{total} "
