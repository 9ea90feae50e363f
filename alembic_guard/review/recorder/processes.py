"""Run revisions in processes of their own, which they may end, hang or break."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from typing import IO, Any

from ...record import frozen_record
from .. import statements as st

TIMEOUT = 300.0
"""Seconds all revisions together may run."""
SHARE = 25
"""Revisions that are worth a process: importing Alembic takes as long as running so many."""


@frozen_record
class Recording:
    """What one function executed: lines of the revision and SQL; `error` when it stopped early."""

    path: str
    direction: st.Direction
    seen: tuple[tuple[int, str], ...]
    error: str | None


def record(paths: Sequence[str], dialect: str, timeout: float = TIMEOUT) -> list[Recording]:
    """What the functions of each file execute; a file that ends its process hides no other.

    :param timeout: seconds all files together may take.
    """
    deadline = time.monotonic() + timeout
    found: list[Recording] = []
    shares = _shares(paths)
    while shares:
        processes = [_Process(share, dialect) for share in shares]
        shares = []
        for process in processes:
            reason = process.wait(deadline)
            done = process.entries(found)
            left = process.paths[done:]
            if not left:
                continue
            if not process.ready or time.monotonic() >= deadline:
                found.extend(Recording(path, "upgrade", (), reason) for path in left)
            else:
                found.append(Recording(left[0], "upgrade", (), reason))
                shares.extend([left[1:]] if left[1:] else [])
    return found


def _shares(paths: Sequence[str]) -> list[Sequence[str]]:
    count = max(1, min(os.cpu_count() or 1, 4, len(paths) // SHARE))
    size = -(-len(paths) // count)
    return [paths[start : start + size] for start in range(0, len(paths), size)]


class _Process:
    """One process and the files it runs, in this order."""

    def __init__(self, paths: Sequence[str], dialect: str) -> None:
        self.paths, self.ready = paths, False
        self._output: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed in `entries`
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed in `entries`
        command = [sys.executable, "-m", f"{__package__}.child", dialect, *paths]
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self._output, stderr=self._errors
        )

    def wait(self, deadline: float) -> str:
        """Why the file it was at last was not finished, if it was not."""
        try:
            code = self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return "it did not come to an end in time"
        self._errors.seek(0)
        last = self._errors.read().decode(errors="replace").strip().rpartition("\n")[2]
        return f"it ended the process with code {code}" + (f": {last}" if last else "")

    def entries(self, found: list[Recording]) -> int:
        """Add what was recorded to `found`; how many files were finished."""
        self._output.seek(0)
        done = 0
        for entry in _parsed(self._output):
            self.ready = True
            if "direction" in entry:
                seen = tuple((int(number), str(sql)) for number, sql in entry["seen"])
                found.append(Recording(entry["path"], entry["direction"], seen, entry["error"]))
            elif "path" in entry:
                done += 1
        self._output.close()
        self._errors.close()
        return done


def _parsed(lines: IO[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:  # the last one, of a process that was killed
            return
