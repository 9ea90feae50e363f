"""A connection that notes what is executed on it, and the line of the revision that did so."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy.engine import Dialect
from sqlalchemy.sql.elements import ClauseElement

from .renderable import is_renderable


class Recorder:
    """Collects ``(line, sql)`` of one function of the file `path`, but for its `known` lines."""

    def __init__(self, dialect: Dialect) -> None:
        self.path, self.dialect = "", dialect
        self.known: Collection[int] = ()
        self.seen: list[tuple[int, str]] = []

    def note(self, statement: Any) -> None:
        """Render a statement and find the revision's line that caused it."""
        line = self._line()
        if line not in self.known:
            self.seen.append((line, self._text(statement)))
        elif not is_renderable(statement):
            self._text(statement)  # which may fail

    def knows_line(self) -> bool:
        """Whether what the revision executes now is known."""
        return self._line() in self.known

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
