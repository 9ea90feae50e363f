"""Where a statement stands and the circumstances it runs in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from ...record import field, plain_record, record

Direction = Literal["upgrade", "downgrade"]
Via = Literal["op", "batch", "sql", "core", "orm", "python"]


@record
class Batch:
    """The `op.batch_alter_table` block a statement stands in."""

    table: str
    recreate: str = "auto"
    options: Mapping[str, Any] = field(default_factory=dict)
    line: int = 0


@record
class Context:
    """The circumstances a statement runs in.

    :param autocommit: inside `autocommit_block()` or on an autocommit connection.
    :param transaction: statements with the same number run in one transaction, in one direction.
    :param loop: inside a loop whose number of rounds is not known.
    :param conditional: under a condition that is only known when it runs.
    :param guard: source text of the innermost such condition.
    :param helper: the function it was written in when that is not `upgrade` or `downgrade`.
    """

    direction: Direction = "upgrade"
    autocommit: bool = False
    transaction: int = 0
    batch: Batch | None = None
    loop: bool = False
    conditional: bool = False
    guard: str = ""
    helper: str | None = None


@record
class Origin:
    """Where a statement stands and how it was written.

    :param line: the line to report: of the call, or of the SQL statement inside its string.
    :param call_line: the line of the call that executes it.
    :param text: the SQL as far as known, or the operation's name.
    :param related: a second line worth showing: where the SQL text or the caller stands.
    :param alone: False for one of several SQL statements sent to the server in one call.
    """

    path: str
    line: int
    column: int = 1
    end_line: int | None = None
    call_line: int = 0
    via: Via = "op"
    text: str = ""
    related: int | None = None
    context: Context = field(default_factory=Context)
    alone: bool = True


@plain_record
class Statement:
    """Anything a migration does; the subclasses say what."""

    origin: Origin

    def __repr__(self) -> str:
        names = [name for kind in type(self).__mro__ for name in getattr(kind, "__slots__", ())]
        shown = (f"{name}={getattr(self, name)!r}" for name in names if name != "origin")
        return f"{type(self).__name__}({', '.join(shown)})"

    @property
    def line(self) -> int:
        """The 1-based line to report."""
        return self.origin.line

    @property
    def context(self) -> Context:
        """The circumstances it runs in."""
        return self.origin.context

    @property
    def via(self) -> Via:
        """How it was written: ``op``, ``batch``, ``sql``, ``core``, ``orm`` or ``python``."""
        return self.origin.via


@plain_record
class TableStatement(Statement):
    """Anything that happens to one existing or new table."""

    table: str
