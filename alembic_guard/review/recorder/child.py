"""``python -m alembic_guard.review.recorder.child DIALECT FILE...``: one JSON line a function.

Each revision runs by itself with Alembic's own operations on a connection that only records;
one that fails is reported as such and never hides the others.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.elements import ClauseElement

DRIVERS = {"mariadb": "mysql"}


class Recorder:
    """Collects ``(line, sql)`` of one function."""

    def __init__(self, path: str, dialect: Dialect) -> None:
        self.path, self.dialect = path, dialect
        self.seen: list[tuple[int, str]] = []

    def note(self, statement: Any) -> None:
        """Render a statement and find the revision's line that caused it."""
        self.seen.append((self._line(), self._text(statement)))

    def _text(self, statement: Any) -> str:
        if isinstance(statement, str):
            return statement
        if isinstance(statement, ClauseElement):
            for options in ({"literal_binds": True}, {}):
                with contextlib.suppress(Exception):
                    compiled = statement.compile(dialect=self.dialect, compile_kwargs=options)
                    return str(compiled).strip()
        return str(statement)

    def _line(self) -> int:
        frame = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename == self.path:
                return frame.f_lineno
            if frame.f_back is None:
                break
            frame = frame.f_back
        return 1


class Rows:
    """The result of a query nobody answers: no rows, whatever is asked."""

    rowcount = 0

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def all(self) -> list[Any]:
        return []

    def __getattr__(self, name: str) -> Any:
        if name in ("fetchall", "fetchmany"):
            return lambda *args: []
        if name in ("scalars", "mappings", "unique", "columns", "yield_per"):
            return lambda *args: self
        return lambda *args, **kwargs: None


class RecordingConnection:
    """Enough of a connection for migrations: everything executed is noted."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.dialect = recorder.dialect
        self.engine = self
        self.name = recorder.dialect.name
        self.info: dict[str, Any] = {}

    def execute(self, statement: Any, *args: Any, **kwargs: Any) -> Rows:
        self.recorder.note(statement)
        return Rows()

    exec_driver_sql = scalars = execute

    def scalar(self, statement: Any, *args: Any, **kwargs: Any) -> None:
        self.recorder.note(statement)

    def execution_options(self, **options: Any) -> RecordingConnection:
        return self

    @contextlib.contextmanager
    def begin(self, *args: Any) -> Iterator[RecordingConnection]:
        yield self

    begin_nested = connect = begin

    def in_transaction(self) -> bool:
        return True

    def commit(self) -> None:
        self.recorder.note("COMMIT")

    def rollback(self) -> None:
        self.recorder.note("ROLLBACK")

    def close(self) -> None:
        """Nothing was opened."""


def record(path: str, dialect_name: str) -> Iterator[dict[str, Any]]:
    """What both functions of a revision execute."""
    try:
        module = _load(path)
    except BaseException as error:
        yield {"path": path, "direction": "upgrade", "error": _reason(error), "seen": []}
        return
    for direction in ("upgrade", "downgrade"):
        function = getattr(module, direction, None)
        if function is not None:
            yield {"path": path, "direction": direction, **_run(function, path, dialect_name)}


def _run(function: Any, path: str, dialect_name: str) -> dict[str, Any]:
    context = MigrationContext.configure(
        dialect_name=DRIVERS.get(dialect_name, dialect_name),
        opts={"as_sql": True, "output_buffer": io.StringIO(), "literal_binds": True},
    )
    recorder = Recorder(path, context.dialect)
    connection = RecordingConnection(recorder)
    context.connection = connection  # type: ignore[assignment]  # it records
    context.impl.connection = connection  # type: ignore[assignment]  # what op.get_bind() gives

    def execute(construct: Any, *args: Any, **kwargs: Any) -> Rows:
        recorder.note(construct)
        return Rows()

    context.impl._exec = execute  # type: ignore[method-assign,assignment]  # the one place Alembic executes
    context.impl.static_output = lambda text: None  # type: ignore[method-assign]  # COMMIT and BEGIN of blocks
    error = None
    try:
        with Operations.context(context):
            function()
    except BaseException as raised:
        error = _reason(raised)
    return {"seen": recorder.seen, "error": error}


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
    """Write one JSON line a function to the real standard output."""
    dialect, *paths = arguments
    output, sys.stdout = sys.stdout, sys.stderr
    for path in paths:
        for folder in (Path(path).resolve().parent, Path.cwd()):
            if str(folder) not in sys.path:
                sys.path.insert(0, str(folder))
        for entry in record(path, dialect):
            output.write(json.dumps(entry) + "\n")
    output.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
