"""GRD931: varchar(n) or char(n) instead of text."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.columns import new_columns
from ..place import Place
from ..statements import AddColumn, CreateTable
from . import Rule, rule


@rule
class PreferText(Rule):
    """varchar(n) or char(n) instead of text.

    What it does
    ------------
    Finds columns with a length limit.

    Why it matters
    --------------
    ``text`` is stored and indexed the same way; changing the limit later needs DDL, and char pads
    with blanks.

    Instead
    -------
    ``text`` with a named CHECK on the length.

    References
    ----------
    https://wiki.postgresql.org/wiki/Don%27t_Do_This#Don.27t_use_varchar.28n.29_by_default
    """

    code = "GRD931"
    name = "prefer-text"
    hazard = "P01"
    severity = "note"
    dialects = ("postgresql",)
    on = (
        CreateTable,
        AddColumn,
    )
    opinion = True
    bad = ('op.add_column("users", sa.Column("name", sa.String(40)))',)
    good = ('op.add_column("users", sa.Column("name", sa.Text()))',)

    def check(self, statement: CreateTable | AddColumn, at: Place) -> Iterator[Finding]:
        for column, line in new_columns(statement):
            kind = column.type
            if kind is not None and kind.name in ("varchar", "char") and kind.args:
                yield self.finding(
                    at,
                    line or statement,
                    f"{statement.table}.{column.name} is limited to {kind}: changing that later needs DDL.",
                    "Use sa.Text() and a named CHECK on its length.",
                    objects=[f"{statement.table}.{column.name}"],
                )
