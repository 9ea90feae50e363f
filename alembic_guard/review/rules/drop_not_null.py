"""GRD411: NOT NULL removed: readers may not expect NULL."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AlterColumn
from . import Rule, rule


@rule
class DropNotNull(Rule):
    """NOT NULL removed: readers may not expect NULL.

    What it does
    ------------
    Finds columns that become nullable.

    Why it matters
    --------------
    Running code may fail on the first NULL it reads.

    Instead
    -------
    Release code that handles NULL first.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL
    """

    code = "GRD411"
    name = "drop-not-null"
    hazard = "C11"
    severity = "note"
    on = (AlterColumn,)
    opinion = True
    bad = ('op.alter_column("users", "email", existing_type=sa.String(80), nullable=True)',)
    good = (
        'op.alter_column("users", "email", existing_type=sa.String(80), existing_nullable=True, nullable=True)',
    )

    def check(self, statement: AlterColumn, at: Place) -> Iterator[Finding]:
        if (
            statement.nullable is not True
            or statement.existing_nullable is True
            or at.is_new(statement.table)
        ):
            return
        known = at.column(statement.table, statement.column)
        if known is not None and known.nullable and known.type is not None:
            return
        name = f"{statement.table}.{statement.column}"
        yield self.finding(
            at,
            statement,
            f"Running code that does not expect NULL in {name} fails on the first one.",
            "Release code that handles NULL first.",
            objects=[name],
        )
