"""See files through to the end in processes that some of them end, hang or break."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from .recording import Outcome, Recording


class Worker(Protocol):
    """A process that runs files in their order."""

    def wait(self, deadline: float) -> Outcome:
        """What it came to by then; it runs no longer."""


Start = Callable[[Sequence[str]], Worker]


def supervise(shares: Iterable[Sequence[str]], start: Start, deadline: float) -> list[Recording]:
    """What the functions of all files execute; a file that ends its process hides no other.

    :param start: gives a worker for some files.
    :param deadline: by `time.monotonic`, for all together.
    """
    found: list[Recording] = []
    waiting = [share for share in shares if share]
    while waiting:
        workers = [(share, start(share)) for share in waiting]
        waiting = []
        for share, worker in workers:
            outcome = worker.wait(deadline)
            found.extend(outcome.recordings)
            left = share[outcome.finished :]
            if not left:
                continue
            if not outcome.ready or time.monotonic() >= deadline:
                found.extend(Recording(path, "upgrade", (), outcome.reason) for path in left)
            else:
                found.append(Recording(left[0], "upgrade", (), outcome.reason))
                waiting.extend([left[1:]] if left[1:] else [])
    return found


def reason(code: int | None, errors: bytes) -> str:
    """Why a process did not finish a file: its exit code and last words, None when it hung."""
    if code is None:
        return "it did not come to an end in time"
    last = errors.decode(errors="replace").strip().rpartition("\n")[2]
    return f"it ended the process with code {code}" + (f": {last}" if last else "")
