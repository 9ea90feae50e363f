"""Share a list of independent pieces of work among forked processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Work = Callable[[Sequence[Item]], list[Result]]

ENOUGH = 200
"""Fewer pieces than this are done sooner than a process is forked and read back."""
SHARE = 10
"""Pieces claimed at once: few enough that all processes end at about the same time."""
_NUMBER = 4
"""Bytes of a share's number."""


def spread(
    work: Work[Item, Result],
    items: Sequence[Item],
    meanwhile: Callable[[], object] | None = None,
) -> list[Result]:
    """``work(items)``, done in as many processes as there are processors, in the same order.

    Every process claims a share at a time. A share whose process dies is done here, so that the
    result is the same in any case.

    :param work: takes any part of the items, and gives one result or none for each.
    :param meanwhile: done here, for later, while the others have begun.
    """
    count = min(os.cpu_count() or 1, 4, len(items) // (ENOUGH // 2))
    if len(items) < ENOUGH or count < 2 or not hasattr(os, "fork"):
        return work(items)
    size = max(SHARE, len(items) // 1000)
    shares = [items[start : start + size] for start in range(0, len(items), size)]
    claims = _numbers(len(shares))
    children = [_start(work, shares, claims) for _ in range(count - 1)]
    if meanwhile is not None:
        meanwhile()
    done = {number: work(shares[number]) for number in _claimed(claims)}
    os.close(claims)
    for process, reader in children:
        done.update(_collect(process, reader))
    return [
        result
        for number, share in enumerate(shares)
        for result in (done[number] if number in done else work(share))
    ]


def _numbers(count: int) -> int:
    """A pipe that holds the numbers below `count` and then ends: who reads one has claimed it."""
    reader, writer = os.pipe()
    os.write(writer, b"".join(number.to_bytes(_NUMBER, "big") for number in range(count)))
    os.close(writer)
    return reader


def _claimed(claims: int) -> Iterator[int]:
    while number := os.read(claims, _NUMBER):
        yield int.from_bytes(number, "big")


def _start(
    work: Work[Item, Result], shares: Sequence[Sequence[Item]], claims: int
) -> tuple[int, int]:
    """Fork a process that claims shares and then writes their results into a pipe."""
    reader, writer = os.pipe()
    process = os.fork()
    if process:
        os.close(writer)
        return process, reader
    status = 1
    try:
        os.close(reader)
        import pickle

        # Each share is pickled when it is done, so that this too is shared among the processes.
        done = [pickle.dumps((n, work(shares[n])), protocol=5) for n in _claimed(claims)]
        with os.fdopen(writer, "wb") as file:
            file.writelines(done)
        status = 0
    finally:
        os._exit(status)


def _collect(process: int, reader: int) -> dict[int, list[Result]]:
    """The shares a process has done; none when it failed."""
    found: dict[int, list[Result]] = {}
    with os.fdopen(reader, "rb") as file:
        data = file.read()
    _, status = os.waitpid(process, 0)
    if status != 0:
        return found
    import io
    import pickle

    stream = io.BytesIO(data)
    while stream.tell() < len(data):
        number, results = pickle.load(stream)
        found[number] = results
    return found
