"""GRD933: timestamp without time zone."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.columns import new_columns
from ..place import Place
from ..statements import AddColumn, CreateTable
from . import Rule, rule


@rule
class PreferTimestamptz(Rule):
    """timestamp without time zone.

    What it does
    ------------
    Finds timestamp columns that do not keep a point in time.

    Why it matters
    --------------
    The value means another moment to every client with another time zone.

    Instead
    -------
    ``sa.DateTime(timezone=True)``.

    References
    ----------
    https://wiki.postgresql.org/wiki/Don%27t_Do_This#Don.27t_use_timestamp_.28without_time_zone.29
    """

    code = "GRD933"
    name = "prefer-timestamptz"
    hazard = "P03"
    severity = "note"
    dialects = ("postgresql",)
    on = (
        CreateTable,
        AddColumn,
    )
    opinion = True
    bad = ('op.add_column("users", sa.Column("seen", sa.DateTime()))',)
    good = ('op.add_column("users", sa.Column("seen", sa.DateTime(timezone=True)))',)

    def check(self, statement: CreateTable | AddColumn, at: Place) -> Iterator[Finding]:
        for column, line in new_columns(statement):
            if column.type is not None and column.type.name == "timestamp":
                yield self.finding(
                    at,
                    line or statement,
                    f"{statement.table}.{column.name} means another moment in every time zone.",
                    "Use sa.DateTime(timezone=True).",
                    objects=[f"{statement.table}.{column.name}"],
                )
