"""The process that runs revisions, as seen from the one that reads them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType

from .recording import Known, Outcome, Recording, read_outcome
from .supervision import reason, supervise

TIMEOUT = 300.0
"""Seconds all revisions together may run."""
_GRACE = 5.0
"""Seconds in which a process that has killed its workers in time tells so."""
_LARGE = 1 << 20
"""Bytes a pipe holds where that can be chosen: a request is written before anybody reads it."""


class RecorderProcess:
    """A process that imports Alembic as soon as it is started, and then runs what it is asked to."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # so that its workers can be ended with it
            pipesize=_LARGE,
        )

    def __enter__(self) -> RecorderProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def ask(
        self, paths: Sequence[str], known: Mapping[str, Known], dialect: str, timeout: float
    ) -> None:
        """Let it run these files; the caller goes on."""
        request = {"paths": paths, "known": known, "dialect": dialect, "timeout": timeout}
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # it has ended, and tells why when it is waited for
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()

    def wait(self, deadline: float) -> Outcome:
        """What it came to; it is killed when it takes longer."""
        code: int | None = None
        try:
            # Its workers have the same deadline, and are its own to kill.
            output, errors = self._process.communicate(
                timeout=max(0.0, deadline - time.monotonic()) + _GRACE
            )
            code = self._process.returncode
        except subprocess.TimeoutExpired:
            self._kill()
            output, errors = self._process.communicate()
        return read_outcome(output.splitlines(), reason(code, errors))

    @property
    def ended(self) -> bool:
        """Whether it has come to an end."""
        return self._process.poll() is not None

    def close(self) -> None:
        """End it, whatever it does."""
        with suppress(BrokenPipeError), self._process:
            if not self.ended:
                self._kill()

    def _kill(self) -> None:
        if hasattr(os, "killpg"):
            import signal

            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()


def record(
    paths: Sequence[str],
    dialect: str,
    timeout: float = TIMEOUT,
    known: Mapping[str, Known] | None = None,
) -> list[Recording]:
    """What the functions of each file execute; a file that ends its process hides no other.

    :param timeout: seconds all files together may take.
    :param known: lines of which nothing need be told, by file.
    """
    process = RecorderProcess()
    process.ask(paths, known or {}, dialect, timeout)
    return recorded(process, paths, dialect, timeout, known)


def recorded(
    process: RecorderProcess,
    paths: Sequence[str],
    dialect: str,
    timeout: float = TIMEOUT,
    known: Mapping[str, Known] | None = None,
) -> list[Recording]:
    """The same, from a process that was asked before."""
    deadline = time.monotonic() + timeout
    asked = [process]

    def start(files: Sequence[str]) -> RecorderProcess:
        if asked:
            return asked.pop()
        another = RecorderProcess()
        another.ask(files, known or {}, dialect, max(0.0, deadline - time.monotonic()))
        return another

    return supervise([paths], start, deadline)
