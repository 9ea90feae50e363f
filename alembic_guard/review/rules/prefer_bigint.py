"""GRD932: A 32-bit or 16-bit key."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.columns import new_columns
from ..place import Place
from ..statements import AddColumn, CreateTable
from . import Rule, rule


@rule
class PreferBigint(Rule):
    """A 32-bit or 16-bit key.

    What it does
    ------------
    Finds integer and smallint primary keys.

    Why it matters
    --------------
    A key that runs out stops all inserts; widening it rewrites the table and everything that
    references it.

    Instead
    -------
    ``sa.BigInteger()``.

    References
    ----------
    https://wiki.postgresql.org/wiki/Don%27t_Do_This
    """

    code = "GRD932"
    name = "prefer-bigint"
    hazard = "P02"
    severity = "note"
    on = (
        CreateTable,
        AddColumn,
    )
    opinion = True
    bad = ('op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))',)
    good = ('op.create_table("users", sa.Column("id", sa.BigInteger(), primary_key=True))',)

    def check(self, statement: CreateTable | AddColumn, at: Place) -> Iterator[Finding]:
        for column, line in new_columns(statement):
            small = column.type is not None and column.type.name in (
                "integer",
                "smallint",
                "serial",
                "smallserial",
            )
            if column.primary_key and small and column.foreign is None:
                yield self.finding(
                    at,
                    line or statement,
                    f"The key {statement.table}.{column.name} runs out at {'32,767' if column.type and 'small' in column.type.name else '2,147,483,647'}.",
                    "Use sa.BigInteger().",
                    objects=[f"{statement.table}.{column.name}"],
                )
