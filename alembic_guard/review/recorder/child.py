"""``python -m alembic_guard.review.recorder.child``: run the revisions of one request.

All they need is imported while the parent reads them; then a line on standard input tells
which. Each processor gets a forked worker, which is ready at once.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from typing import IO, TYPE_CHECKING

from .recording import Outcome, read_outcome, write_finished, write_ready, write_recording
from .supervision import reason, supervise

if TYPE_CHECKING:
    from .running import Runner

SHARE = 10
"""Revisions that are worth a process."""
_OFTEN = 100_000
"""New objects after which a worker looks for cycles: SQLAlchemy's tables are made of them."""
_GLANCE = 1.0
"""Seconds between looks at a worker that may have left a child of its own behind."""
_MOMENT = 0.001
"""Seconds from closing its files to its end."""


class Forked:
    """A worker forked from this process."""

    def __init__(self, work: Callable[[IO[str]], None]) -> None:
        self._output: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed in `wait`
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed in `wait`
        # Its other end is closed when the worker ends.
        self._alive, writer = os.pipe()
        self._process = os.fork()
        if not self._process:
            os.close(self._alive)
            self._run(work)
        os.close(writer)

    def _run(self, work: Callable[[IO[str]], None]) -> None:
        status = 1
        try:
            for number in (1, 2):
                os.dup2(self._errors.fileno(), number)
            with open(self._output.fileno(), "w", encoding="utf-8", closefd=False) as output:
                work(output)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def wait(self, deadline: float) -> Outcome:
        code = self._exit_code(deadline)
        self._errors.seek(0)
        self._output.seek(0)
        with self._errors, self._output:
            return read_outcome(self._output, reason(code, self._errors.read()))

    def _exit_code(self, deadline: float) -> int | None:
        """None when it had to be killed."""
        try:
            while (left := deadline - time.monotonic()) > 0:
                closed, _, _ = select.select([self._alive], [], [], min(_GLANCE, left))
                process, status = os.waitpid(self._process, os.WNOHANG)
                if process:
                    return os.waitstatus_to_exitcode(status)
                if closed:
                    time.sleep(_MOMENT)
        finally:
            os.close(self._alive)
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        return None


def serve(paths: Sequence[str], runner: Runner, timeout: float, output: IO[str]) -> None:
    """Run the files and write what they did; in this process where none can be forked."""

    def run(files: Sequence[str], to: IO[str]) -> None:
        for path in files:
            for recording in runner.record(path):
                write_recording(recording, to)
            write_finished(path, to)

    if not hasattr(os, "fork"):
        run(paths, output)
        return

    def forked(files: Sequence[str]) -> Forked:
        def work(to: IO[str]) -> None:
            write_ready(to)
            run(files, to)

        return Forked(work)

    deadline = time.monotonic() + timeout
    for recording in supervise(_shares(paths), forked, deadline):
        write_recording(recording, output)
    for path in paths:
        write_finished(path, output)


def _shares(paths: Sequence[str]) -> list[Sequence[str]]:
    count = max(1, min(os.cpu_count() or 1, 4, len(paths) // SHARE))
    size = -(-len(paths) // count)
    return [paths[start : start + size] for start in range(0, len(paths), size)]


def main() -> int:
    """Write to the real standard output; what revisions print goes to standard error."""
    sys.dont_write_bytecode = True  # reviewing leaves no trace in the project's folders
    output, sys.stdout = sys.stdout, sys.stderr
    gc.disable()  # nothing of what is imported goes away again
    # Mako, which Alembic imports, would load all its lexers to colour tracebacks.
    sys.modules["pygments"] = None  # type: ignore[assignment]  # it cannot be imported
    from .running import Runner

    del sys.modules["pygments"]
    write_ready(output)
    line = sys.stdin.buffer.readline()
    if line:
        request = json.loads(line)
        runner = Runner(request["dialect"], request["known"])
        gc.freeze()
        gc.set_threshold(_OFTEN, *gc.get_threshold()[1:])
        gc.enable()
        serve(request["paths"], runner, request["timeout"], output)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
