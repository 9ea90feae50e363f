"""What a watcher does about what it reads in the ledger: decisions without I/O."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..ledger import Entry, is_gap


@dataclass(frozen=True, slots=True)
class Reading:
    """What newly read entries amount to.

    :param epoch: where the cursor stands afterwards.
    :param applied: entries whose changes are in the database now.
    :param hold: seconds for which work must be held from now on, 0 for not at all.
    :param is_full: whether everything must be looked at, not only the touched tables.
    :param went_back: the database was restored; `restored` is its whole history.
    :param mark: epoch and time of the last entry read.
    :param reason: why, for the log.
    """

    epoch: int
    applied: tuple[Entry, ...] = ()
    hold: float = 0.0
    is_full: bool = False
    went_back: bool = False
    restored: tuple[Entry, ...] = ()
    mark: tuple[int, float] | None = None
    reason: str = ""

    @property
    def is_change(self) -> bool:
        """Whether the schema may have moved."""
        return self.is_full or bool(self.applied)


def read_entries(
    cursor: int, newest: int, entries: Sequence[Entry], now: float, *, is_another: bool = False
) -> Reading:
    """Decide what `entries`, read after `cursor`, ask for.

    :param newest: the ledger's highest epoch; below `cursor` the database was restored.
    :param is_another: what was read up to `cursor` is not what stands there now, and `entries`
        are all there are.
    :param now: by the database's clock, as `Entry.at`.
    """
    applied = tuple(entry for entry in entries if entry.phase in ("applied", "failed"))
    mark = (entries[-1].epoch, entries[-1].at) if entries else None
    if newest < cursor or is_another:
        reason = f"the ledger went back from {cursor} to {newest}"
        return Reading(
            newest, hold=_hold(entries, now), is_full=True, went_back=True,
            restored=applied, mark=mark, reason=reason,
        )  # fmt: skip
    if not entries:
        return Reading(cursor)
    is_full, reason = False, ""
    if cursor and is_gap(cursor, entries):
        is_full, reason = True, f"entries after {cursor} are gone"
    elif any(not entry.touched for entry in applied):
        is_full, reason = True, "a change does not say what it touched"
    return Reading(
        entries[-1].epoch, applied, _hold(entries, now), is_full, mark=mark, reason=reason
    )


def _hold(entries: Sequence[Entry], now: float) -> float:
    """How long the newest pause still lasts; anything after it has ended it."""
    newest = entries[-1] if entries else None
    if newest is None or newest.phase != "pause":
        return 0.0
    return max(0.0, newest.at + (newest.lease or 0.0) - now)


def backoff(first: float = 0.1, longest: float = 8.0) -> Iterator[float]:
    """Seconds between attempts: doubling, with jitter so that a fleet does not come at once."""
    pause = first
    while True:
        yield pause * random.uniform(0.5, 1.0)
        pause = min(pause * 2, longest)


class Pauses:
    """How long to wait before connecting again, counted from the beginning of the attempt."""

    def __init__(self) -> None:
        self._pauses = backoff()
        self._began = time.monotonic()

    def begin(self) -> None:
        """An attempt begins."""
        self._began = time.monotonic()

    def after(self, *, has_answered: bool) -> float:
        """Seconds to wait after the attempt failed; few where the database had answered."""
        if has_answered:
            self._pauses = backoff()
        return max(0.05, next(self._pauses) - (time.monotonic() - self._began))
