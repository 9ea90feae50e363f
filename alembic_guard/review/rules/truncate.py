"""GRD501: truncate."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from . import Rule, rule


@rule
class Truncate(Rule):
    """A table is emptied.

    What it does
    ------------
    Finds TRUNCATE of existing tables.

    Why it matters
    --------------
    All rows are gone at once, with CASCADE those of other tables too; no downgrade brings them back, and
    readers wait for the ACCESS EXCLUSIVE lock.

    Instead
    -------
    Delete what must go in batches, after a copy.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-truncate.html
    """

    code = "GRD501"
    name = "truncate"
    hazard = "D01"
    severity = "error"
    on = (st.Truncate,)
    bad = ('op.execute("TRUNCATE events")',)
    good = (
        """
        op.execute("CREATE TABLE staging (id integer)")
        op.execute("TRUNCATE staging")
        """,
    )

    def check(self, statement: st.Truncate, at: Place) -> Iterator[Finding]:
        tables = [table for table in statement.tables if not at.is_new(table)]
        if not tables:
            return
        names = ", ".join(tables)
        more = " and of every table that refers to it" if statement.cascade else ""
        yield self.finding(
            at,
            statement,
            f"All rows of {names}{more} are gone when this runs, and nothing brings them back.",
            f"""
            Keep a copy, and delete only what must go, in batches:

                DELETE FROM {tables[0]} WHERE id IN (SELECT id FROM {tables[0]} WHERE ... LIMIT 1000)
            """,
            objects=tables,
        )
