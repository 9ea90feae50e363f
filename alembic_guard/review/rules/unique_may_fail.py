"""GRD303: A unique constraint or index that fails on duplicates."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AddConstraint, CreateIndex
from . import Rule, rule


@rule
class UniqueMayFail(Rule):
    """A unique constraint or index that fails on duplicates.

    What it does
    ------------
    Finds uniqueness added to existing tables.

    Why it matters
    --------------
    One duplicate makes the deployment fail, and leaves an INVALID index when built concurrently.

    Instead
    -------
    Look for duplicates before the deployment.

    References
    ----------
    https://www.postgresql.org/docs/current/indexes-unique.html
    """

    code = "GRD303"
    name = "unique-may-fail"
    hazard = "F03"
    severity = "note"
    on = (
        AddConstraint,
        CreateIndex,
    )
    opinion = True
    bad = ('op.create_unique_constraint("uq_users_email", "users", ["email"])',)
    good = (
        """
        op.create_table("users", sa.Column("email", sa.String(80)))
        op.create_unique_constraint("uq_users_email", "users", ["email"])
        """,
    )

    def check(self, statement: AddConstraint | CreateIndex, at: Place) -> Iterator[Finding]:
        if isinstance(statement, CreateIndex):
            unique, columns, name = statement.unique, statement.columns, statement.name
        else:
            spec = statement.constraint
            unique, columns, name = spec.kind == "unique", spec.columns, spec.name
            if spec.using_index:
                return
        if not unique or at.is_new(statement.table):
            return
        listed = ", ".join(columns)
        yield self.finding(
            at,
            statement,
            f"One duplicate of ({listed}) in {statement.table} makes this fail.",
            f"SELECT {listed} FROM {statement.table} GROUP BY {listed} HAVING count(*) > 1 must be empty first.",
            objects=[statement.table, name or ""],
        )
