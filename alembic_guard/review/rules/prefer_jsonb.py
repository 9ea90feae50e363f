"""GRD935: json instead of jsonb."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.columns import new_columns
from ..place import Place
from ..statements import AddColumn, CreateTable
from . import Rule, rule


@rule
class PreferJsonb(Rule):
    """json instead of jsonb.

    What it does
    ------------
    Finds json columns.

    Why it matters
    --------------
    json has no equality, so SELECT DISTINCT and GROUP BY fail on the table, and no index.

    Instead
    -------
    ``postgresql.JSONB``.

    References
    ----------
    https://www.postgresql.org/docs/current/datatype-json.html
    """

    code = "GRD935"
    name = "prefer-jsonb"
    hazard = "P05"
    severity = "note"
    dialects = ("postgresql",)
    on = (
        CreateTable,
        AddColumn,
    )
    opinion = True
    bad = ('op.add_column("users", sa.Column("extra", sa.JSON()))',)
    good = ('op.add_column("users", sa.Column("extra", postgresql.JSONB()))',)

    def check(self, statement: CreateTable | AddColumn, at: Place) -> Iterator[Finding]:
        for column, line in new_columns(statement):
            if column.type is not None and column.type.name == "json":
                yield self.finding(
                    at,
                    line or statement,
                    f"{statement.table}.{column.name} is json: SELECT DISTINCT over it fails.",
                    "Use postgresql.JSONB().",
                    objects=[f"{statement.table}.{column.name}"],
                )
