"""GRD207: SET ACCESS METHOD or SET TABLESPACE."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AlterTable
from . import Rule, rule


@rule
class AccessMethodTablespace(Rule):
    """SET ACCESS METHOD or SET TABLESPACE.

    What it does
    ------------
    Finds tables moved to another tablespace or access method.

    Why it matters
    --------------
    Every page is copied under ACCESS EXCLUSIVE.

    Instead
    -------
    A new table filled in batches, or pg_repack --tablespace.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-TABLESPACE
    """

    code = "GRD207"
    name = "access-method-tablespace"
    hazard = "R07"
    severity = "error"
    dialects = ("postgresql",)
    on = (AlterTable,)
    bad = ('op.execute("ALTER TABLE events SET TABLESPACE fast")',)
    good = ('op.execute("CREATE TABLE events (id integer) TABLESPACE fast")',)

    def check(self, statement: AlterTable, at: Place) -> Iterator[Finding]:
        if statement.action not in ("set_tablespace", "set_access_method") or at.is_new(
            statement.table
        ):
            return
        yield self.finding(
            at,
            statement,
            f"Every page of {statement.table} is copied under ACCESS EXCLUSIVE: all its reads and writes wait.",
            f"Move it online: pg_repack --table {statement.table} --tablespace {statement.target or 'NAME'}.",
            objects=[statement.table],
        )
