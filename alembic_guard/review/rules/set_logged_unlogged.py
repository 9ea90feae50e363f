"""GRD206: SET LOGGED or SET UNLOGGED."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AlterTable
from . import Rule, rule


@rule
class SetLoggedUnlogged(Rule):
    """SET LOGGED or SET UNLOGGED.

    What it does
    ------------
    Finds tables switched between logged and unlogged.

    Why it matters
    --------------
    The table is rewritten under ACCESS EXCLUSIVE; an unlogged table is empty after a crash and
    missing on replicas.

    Instead
    -------
    Create a new table of the wanted kind and move the rows in batches.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-LOGGED-UNLOGGED
    """

    code = "GRD206"
    name = "set-logged-unlogged"
    hazard = "R06"
    severity = "error"
    dialects = ("postgresql",)
    on = (AlterTable,)
    bad = ('op.execute("ALTER TABLE events SET UNLOGGED")',)
    good = ('op.execute("CREATE UNLOGGED TABLE scratch (id integer)")',)

    def check(self, statement: AlterTable, at: Place) -> Iterator[Finding]:
        if statement.action not in ("set_logged", "set_unlogged") or at.is_new(statement.table):
            return
        table = statement.table
        lost = (
            " From then on a crash empties it and replicas do not have it."
            if statement.action == "set_unlogged"
            else ""
        )
        yield self.finding(
            at,
            statement,
            f"{table} is rewritten under ACCESS EXCLUSIVE: all its reads and writes wait.{lost}",
            f"Create a new table of the wanted kind and move the rows of {table} in batches.",
            objects=[table],
        )
