"""GRD302: SET NOT NULL that fails when a NULL is left."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..statements import AlterColumn
from . import Example, Rule, rule


@rule
class SetNotNullMayFail(Rule):
    """SET NOT NULL that fails when a NULL is left.

    What it does
    ------------
    Finds columns made NOT NULL with no backfill before it in the same revision.

    Why it matters
    --------------
    One NULL makes the deployment fail.

    Instead
    -------
    Backfill first, and check with ``SELECT count(*) ... WHERE column IS NULL``.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html
    """

    code = "GRD302"
    name = "set-not-null-may-fail"
    hazard = "F02"
    severity = "note"
    on = (AlterColumn,)
    opinion = True
    bad = ('op.alter_column("users", "email", existing_type=sa.String(), nullable=False)',)
    good = (Example('op.alter_column("users", "email", existing_type=sa.String(), nullable=True)'),)

    def check(self, statement: AlterColumn, at: Place) -> Iterator[Finding]:
        if (
            statement.nullable is not False
            or statement.existing_nullable is False
            or at.is_new(statement.table)
        ):
            return
        known = at.column(statement.table, statement.column)
        if known is not None and not known.nullable:
            return
        for earlier in at.earlier:
            if isinstance(earlier, st.Dml) and statement.column in earlier.columns:
                return
        name = f"{statement.table}.{statement.column}"
        yield self.finding(
            at,
            statement,
            f"One NULL in {name} makes this fail.",
            f"SELECT count(*) FROM {statement.table} WHERE {statement.column} IS NULL must be 0 first.",
            objects=[name],
        )
