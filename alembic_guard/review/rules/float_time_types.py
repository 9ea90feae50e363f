"""GRD942: A floating point column for money."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.columns import new_columns
from ..place import Place
from ..statements import AddColumn, CreateTable
from . import Rule, rule

_MONEY = re.compile(
    r"(?:^|_)(?:price|amount|total|balance|cost|fee|salary|tax|credit|debit|net|gross)(?:_|$)"
)


@rule
class FloatTimeTypes(Rule):
    """A floating point column for money.

    What it does
    ------------
    Finds float columns named like amounts.

    Why it matters
    --------------
    Sums of binary fractions are not exact.

    Instead
    -------
    ``sa.Numeric(precision, scale)``.

    References
    ----------
    https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-FLOAT
    """

    code = "GRD942"
    name = "float-time-types"
    hazard = "P12"
    severity = "note"
    on = (
        CreateTable,
        AddColumn,
    )
    opinion = True
    bad = ('op.add_column("orders", sa.Column("total_price", sa.Float()))',)
    good = ('op.add_column("orders", sa.Column("total_price", sa.Numeric(10, 2)))',)

    def check(self, statement: CreateTable | AddColumn, at: Place) -> Iterator[Finding]:
        for column, line in new_columns(statement):
            floating = column.type is not None and column.type.name in ("float", "double", "real")
            if floating and _MONEY.search(column.name.lower()):
                yield self.finding(
                    at,
                    line or statement,
                    f"{statement.table}.{column.name} is a binary fraction: sums of it are not exact.",
                    "Use sa.Numeric(precision, scale).",
                    objects=[f"{statement.table}.{column.name}"],
                )
