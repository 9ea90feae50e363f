"""GRD937: A table without a primary key."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..statements import CreateTable
from . import Rule, rule


@rule
class NoPrimaryKey(Rule):
    """A table without a primary key.

    What it does
    ------------
    Finds CREATE TABLE without a key.

    Why it matters
    --------------
    Rows cannot be told apart, logical replication refuses UPDATE and DELETE, and the ORM cannot
    map it.

    Instead
    -------
    Add a key.

    References
    ----------
    https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-PRIMARY-KEYS
    """

    code = "GRD937"
    name = "no-primary-key"
    hazard = "P07"
    severity = "note"
    on = (CreateTable,)
    opinion = True
    bad = ('op.create_table("log", sa.Column("line", sa.Text()))',)
    good = ('op.create_table("log", sa.Column("id", sa.BigInteger(), primary_key=True))',)

    def check(self, statement: CreateTable, at: Place) -> Iterator[Finding]:
        if statement.temporary or statement.partition_of or statement.like or statement.from_select:
            return
        keyed = any(c.primary_key for c in statement.columns)
        if keyed or any(s.kind == "primary" for s in statement.constraints):
            return
        later = (
            s for s in at.later if isinstance(s, st.AddConstraint) and s.table == statement.table
        )
        if not any(s.constraint.kind == "primary" for s in later):
            yield self.finding(
                at,
                statement,
                f"{statement.table} has no primary key: logical replication refuses UPDATE and DELETE on it.",
                "Add a key.",
                objects=[statement.table],
            )
