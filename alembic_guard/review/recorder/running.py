"""Run the functions of revisions with Alembic's own operations, on a connection that only records.

One that fails is reported as such and never hides the others.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import ModuleType
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import MigrateOperation, Operations

from .connection import Recorder, RecordingConnection, Rows
from .recording import Known, Recording
from .renderable import is_plain

DRIVERS = {"mariadb": "mysql"}


class Runner:
    """Runs functions under one migration context, which takes longer to make than most to run.

    :param known: of which lines nobody wants to hear, by file.
    """

    def __init__(self, dialect_name: str, known: Mapping[str, Known] | None = None) -> None:
        self.dialect_name = DRIVERS.get(dialect_name, dialect_name)
        self.known = known or {}
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

    def record(self, path: str) -> Iterator[Recording]:
        """What both functions of a revision execute."""
        file = os.path.abspath(path)
        try:
            module = _load(file)
        except BaseException as error:
            yield Recording(path, "upgrade", (), _reason(error))
            return
        known = self.known.get(path, {})
        for direction in ("upgrade", "downgrade"):
            function = getattr(module, direction, None)
            if function is not None:
                seen, reason = self._run(function, file, known.get(direction, ()))
                yield Recording(path, direction, seen, reason)

    def _run(
        self, function: Callable[[], object], file: str, known: Collection[int]
    ) -> tuple[tuple[tuple[int, str], ...], str | None]:
        """What a function executes, and why it stopped early when it did."""
        recorder, error = self.recorder, None
        recorder.path, recorder.known, recorder.seen = file, frozenset(known), []
        try:
            with Operations.context(self._context) as operations:
                _pass_over_known(operations, recorder)
                function()
        except BaseException as raised:
            error = _reason(raised)
            # Who knows in which block it was left.
            self._context, self.recorder = self._made()
        return tuple(recorder.seen), error


def _pass_over_known(operations: Operations, recorder: Recorder) -> None:
    """Let plain operations on known lines be: a table and an index are made for each."""
    invoke = operations.invoke

    def needed(operation: MigrateOperation) -> Any:
        if recorder.knows_line() and is_plain(operation):
            return None
        return invoke(operation)

    operations.invoke = needed  # type: ignore[method-assign]


def _load(path: str) -> ModuleType:
    """The module of a file; importing it in the ordinary way takes half as long again."""
    _make_importable(os.path.dirname(path))
    name = f"_guard_recorded_{abs(hash(path))}"
    loader = SourceFileLoader(name, path)
    module = ModuleType(name)
    module.__file__, module.__loader__ = path, loader
    module.__spec__ = ModuleSpec(name, loader, origin=path)
    if _has_bytecode(os.path.dirname(path)):
        code = loader.get_code(name)
        assert code is not None  # it is only for a module without source
    else:
        code = loader.source_to_code(loader.get_data(path), path)
    exec(code, module.__dict__)
    return module


@cache
def _has_bytecode(folder: str) -> bool:
    """Whether it is worth looking for some; a missing one costs a third of compiling a file."""
    return os.path.isdir(os.path.join(folder, "__pycache__"))


@cache
def _make_importable(folder: str) -> None:
    """Let revisions import what lies beside them, and what lies where the command was given."""
    for found in (os.path.realpath(folder), os.getcwd()):
        if found not in sys.path:
            sys.path.insert(0, found)


_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def _reason(error: BaseException) -> str:
    """The error in one line, the same in each run: SQLAlchemy shows where an object lies."""
    first = str(error).splitlines()[0] if str(error) else ""
    return f"{type(error).__name__}: {_ADDRESS.sub('', first)}".rstrip(": ")
