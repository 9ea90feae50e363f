"""What running a function gave, and how processes tell each other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, TYPE_CHECKING

from ...record import frozen_record

if TYPE_CHECKING:
    from ..statements import Direction

Known = Mapping[str, Sequence[int]]
"""By direction, the lines of a revision that reading understood in full."""


@frozen_record
class Recording:
    """What one function executed: lines of the revision and SQL; `error` when it stopped early."""

    path: str
    direction: Direction
    seen: tuple[tuple[int, str], ...]
    error: str | None


@frozen_record
class Outcome:
    """What a process came to: how many of its files it finished, and why it did no more.

    :param ready: it began to run them.
    """

    recordings: tuple[Recording, ...]
    finished: int
    ready: bool
    reason: str


def write_ready(output: IO[str]) -> None:
    """Say that what the files need is imported."""
    print("null", file=output, flush=True)


def write_recording(recording: Recording, output: IO[str]) -> None:
    """Tell what a function did, before the next one runs."""
    r = recording
    if r.seen or r.error:
        print(json.dumps([r.path, r.direction, r.seen, r.error]), file=output, flush=True)


def write_finished(path: str, output: IO[str]) -> None:
    """Say that a file is done with."""
    print(json.dumps(path), file=output, flush=True)


def read_outcome(lines: Iterable[bytes], reason: str) -> Outcome:
    """What was written until the process ended."""
    recordings: list[Recording] = []
    finished, ready = 0, False
    for entry in _entries(lines):
        ready = True
        if isinstance(entry, list):
            path, direction, seen, error = entry
            texts = tuple((int(line), str(text)) for line, text in seen)
            recordings.append(Recording(path, direction, texts, error))
        elif entry is not None:
            finished += 1
    return Outcome(tuple(recordings), finished, ready, reason)


def _entries(lines: Iterable[bytes]) -> Iterator[object]:
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:  # the last one, of a process that was killed
            return
