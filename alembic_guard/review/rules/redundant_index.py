"""GRD939: an index that another one makes superfluous."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import CreateIndex
from . import Rule, rule


@rule
class RedundantIndex(Rule):
    """An index that another one makes superfluous.

    What it does
    ------------
    Finds indexes whose columns begin another index of the same table.

    Why it matters
    --------------
    Each index costs time on every write and space.

    Instead
    -------
    Leave it out.

    References
    ----------
    https://www.postgresql.org/docs/current/indexes-multicolumn.html
    """

    code = "GRD939"
    name = "redundant-index"
    hazard = "P09"
    severity = "note"
    on = (CreateIndex,)
    opinion = True
    bad = (
        """
        op.create_table("t", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer()))
        op.create_index("ix_t_a_b", "t", ["a", "b"])
        op.create_index("ix_t_a", "t", ["a"])
        """,
    )
    good = (
        """
        op.create_table("t", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer()))
        op.create_index("ix_t_a_b", "t", ["a", "b"])
        op.create_index("ix_t_b", "t", ["b"])
        """,
    )

    def check(self, statement: CreateIndex, at: Place) -> Iterator[Finding]:
        table = at.table(statement.table)
        if (
            table is None
            or statement.unique
            or statement.where
            or statement.method not in (None, "btree")
        ):
            return
        for name, other in table.indexes.items():
            covered = other.columns[: len(statement.columns)] == statement.columns
            if covered and not other.where and name != statement.name and statement.columns:
                yield self.finding(
                    at,
                    statement,
                    f"{name} on ({', '.join(other.columns)}) answers whatever {statement.name} could.",
                    "Leave this index out.",
                    objects=[statement.table, statement.name or ""],
                )
                return
