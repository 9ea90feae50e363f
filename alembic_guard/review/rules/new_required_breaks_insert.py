"""GRD407: A column tightened to NOT NULL: inserts of the old code fail."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..specs import UNSET
from ..statements import AlterColumn
from . import Rule, rule


@rule
class NewRequiredBreaksInsert(Rule):
    """A column tightened to NOT NULL: inserts of the old code fail.

    What it does
    ------------
    Finds columns made NOT NULL that have no server default.

    Why it matters
    --------------
    Running code that leaves the column out, or sets it to NULL, fails from here on.

    Instead
    -------
    Give it a server_default, or release code that always sets it first.

    References
    ----------
    https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-NOT-NULL
    """

    code = "GRD407"
    name = "new-required-breaks-insert"
    hazard = "C07"
    severity = "note"
    on = (AlterColumn,)
    opinion = True
    bad = ('op.alter_column("users", "email", existing_type=sa.String(80), nullable=False)',)
    good = (
        """
        op.create_table("users", sa.Column("email", sa.String(80)))
        op.alter_column("users", "email", nullable=False)
        """,
    )

    def check(self, statement: AlterColumn, at: Place) -> Iterator[Finding]:
        if statement.nullable is not False or at.is_new(statement.table):
            return
        known = at.column(statement.table, statement.column)
        has_default = known is not None and known.default is not None
        stated = statement.existing_server_default not in (UNSET, None)
        if has_default or stated or (known is not None and not known.nullable):
            return
        name = f"{statement.table}.{statement.column}"
        yield self.finding(
            at,
            statement,
            f"Running code that inserts into {statement.table} without {statement.column} fails from here on.",
            "Release code that always sets it first, or give it a server_default.",
            objects=[name],
        )
