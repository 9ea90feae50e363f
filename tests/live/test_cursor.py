from __future__ import annotations

import itertools

import pytest

from alembic_guard.ledger import Entry
from alembic_guard.live.cursor import Pauses, backoff, read_entries

PAUSE = Entry("pause", epoch=5, at=100.0, lease=30.0)
APPLIED = Entry("applied", epoch=6, touched=("sessions",))
RESUMED = Entry("resumed", epoch=6)


@pytest.mark.parametrize(
    ("cursor", "newest", "entries", "hold", "is_full", "applied"),
    [
        (4, 4, (), 0.0, False, 0),
        (4, 5, (PAUSE,), 20.0, False, 0),
        (4, 6, (PAUSE, APPLIED), 0.0, False, 1),
        (4, 6, (PAUSE, RESUMED), 0.0, False, 0),
        (3, 6, (PAUSE, APPLIED), 0.0, True, 1),
        (9, 6, (), 0.0, True, 0),
        (5, 6, (Entry("applied", epoch=6),), 0.0, True, 1),
        (5, 6, (Entry("failed", epoch=6),), 0.0, True, 1),
        (0, 6, (PAUSE, APPLIED), 0.0, False, 1),
    ],
    ids=[
        "nothing", "pause", "pause over", "pause taken back", "gap", "restored",
        "says nothing", "failed", "first reading",
    ],
)  # fmt: skip
def test_reading_says_what_to_do(
    cursor: int, newest: int, entries: tuple[Entry, ...], hold: float, is_full: bool, applied: int
) -> None:
    reading = read_entries(cursor, newest, entries, now=110.0)

    assert reading.hold == hold
    assert reading.is_full is is_full
    assert len(reading.applied) == applied
    assert reading.epoch == newest


def test_pause_whose_lease_is_over_holds_nothing() -> None:
    assert read_entries(4, 5, (PAUSE,), now=131.0).hold == 0.0


def test_backoff_grows_to_its_cap_with_jitter() -> None:
    pauses = list(itertools.islice(backoff(0.1, 2.0), 12))

    assert pauses[0] <= 0.1
    assert all(1.0 <= pause <= 2.0 for pause in pauses[-3:])
    assert len(set(pauses[-3:])) == 3


def test_a_connection_that_was_of_use_is_made_again_without_delay() -> None:
    pauses = Pauses()
    for _ in range(6):
        pauses.begin()
        refused = pauses.after(has_answered=False)

    assert refused > 1.0
    assert pauses.after(has_answered=True) <= 0.1


def test_another_ledger_with_as_many_entries_is_read_from_its_beginning() -> None:
    reading = read_entries(6, 6, (APPLIED,), now=0.0, is_another=True)

    assert (reading.went_back, reading.is_full, reading.epoch) == (True, True, 6)
    assert reading.restored == (APPLIED,)
    assert reading.applied == ()


def test_a_pause_in_a_restored_ledger_holds() -> None:
    assert read_entries(9, 5, (PAUSE,), now=110.0).hold == 20.0
