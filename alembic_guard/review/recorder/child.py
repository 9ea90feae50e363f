"""``python -m alembic_guard.review.recorder.child DIALECT FILE...``: one JSON line a function.

An empty object comes first, when all is imported, and one with only the path after each file.
Revisions run with Alembic's own operations on a connection that only records; one that fails is
reported as such and never hides the others. Each line is written before the next function runs.
"""

from __future__ import annotations

import importlib.util
import io
import json
import sys
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations

from .connection import Recorder, RecordingConnection, Rows

DRIVERS = {"mariadb": "mysql"}


class Runner:
    """Runs functions under one migration context, which takes longer to make than most to run."""

    def __init__(self, dialect_name: str) -> None:
        self.dialect_name = DRIVERS.get(dialect_name, dialect_name)
        self._context, self.recorder = self._made()

    def _made(self) -> tuple[MigrationContext, Recorder]:
        context = MigrationContext.configure(
            dialect_name=self.dialect_name,
            opts={"as_sql": True, "output_buffer": io.StringIO(), "literal_binds": True},
        )
        recorder = Recorder(context.dialect)
        connection = RecordingConnection(recorder)
        context.connection = connection  # type: ignore[assignment]  # it records
        context.impl.connection = connection  # type: ignore[assignment]  # what op.get_bind() gives

        def execute(construct: Any, *args: Any, **kwargs: Any) -> Rows:
            recorder.note(construct)
            return Rows()

        context.impl._exec = execute  # type: ignore[method-assign,assignment]  # the one place Alembic executes
        context.impl.static_output = lambda text: None  # type: ignore[method-assign]  # COMMIT and BEGIN of blocks
        return context, recorder

    def run(self, function: Callable[[], object], path: str) -> dict[str, Any]:
        """What a function executes, and why it stopped early when it did."""
        recorder, error = self.recorder, None
        recorder.path, recorder.seen = path, []
        try:
            with Operations.context(self._context):
                function()
        except BaseException as raised:
            error = _reason(raised)
            # Who knows in which block it was left.
            self._context, self.recorder = self._made()
        return {"seen": recorder.seen, "error": error}


def record(path: str, runner: Runner) -> Iterator[dict[str, Any]]:
    """What both functions of a revision execute."""
    try:
        module = _load(path)
    except BaseException as error:
        yield {"path": path, "direction": "upgrade", "error": _reason(error), "seen": []}
        return
    for direction in ("upgrade", "downgrade"):
        function = getattr(module, direction, None)
        if function is not None:
            yield {"path": path, "direction": direction, **runner.run(function, path)}


def _load(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"_guard_recorded_{abs(hash(path))}", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}".rstrip(
        ": "
    )


def main(arguments: list[str]) -> int:
    """Write the lines to the real standard output."""
    dialect, *paths = arguments
    sys.dont_write_bytecode = True  # reviewing leaves no trace in the project's folders
    output, sys.stdout = sys.stdout, sys.stderr
    runner = Runner(dialect)
    print("{}", file=output, flush=True)
    for path in paths:
        for folder in (Path(path).resolve().parent, Path.cwd()):
            if str(folder) not in sys.path:
                sys.path.insert(0, str(folder))
        for entry in chain(record(path, runner), [{"path": path}]):
            print(json.dumps(entry), file=output, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
