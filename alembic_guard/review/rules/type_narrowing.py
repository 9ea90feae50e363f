"""GRD503: type narrowing."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..knowledge.conversions import narrowing
from ..place import Place
from . import Rule, rule


@rule
class TypeNarrowing(Rule):
    """A column gets a type that does not hold all its values.

    What it does
    ------------
    Finds type changes after which old values do not fit, when the old type is known.

    Why it matters
    --------------
    The statement fails on the first value that does not fit, or rounds and cuts it silently; either way
    it rewrites the table under an ACCESS EXCLUSIVE lock.

    Instead
    -------
    Check the data first, then move it to a new column.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html
    """

    code = "GRD503"
    name = "type-narrowing"
    hazard = "D03"
    severity = "error"
    on = (st.AlterColumn,)
    supersedes = ("GRD201", "GRD127")
    bad = (
        'op.alter_column("orders", "reference", existing_type=sa.String(40), type_=sa.String(10), existing_nullable=True)',
    )
    good = (
        'op.alter_column("orders", "reference", existing_type=sa.String(40), type_=sa.String(80), existing_nullable=True)',
    )

    def check(self, statement: st.AlterColumn, at: Place) -> Iterator[Finding]:
        if statement.type is None or at.is_new(statement.table):
            return
        old = at.old_type(statement)
        lost = narrowing(old, statement.type)
        if lost is None:
            return
        yield self.finding(
            at,
            statement,
            f"{statement.table}.{statement.column} becomes {statement.type}: {lost} fail or are lost, and "
            "the table is locked while it is rewritten.",
            f"""
            Count what does not fit first; then add a new column, copy in batches, and switch the code:

                op.add_column("{statement.table}", sa.Column("{statement.column}_new", ..., nullable=True))
            """,
            objects=(statement.table, statement.column),
        )
