"""GRD505: drop schema database."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from . import Rule, rule


@rule
class DropSchemaDatabase(Rule):
    """A schema or database is dropped.

    What it does
    ------------
    Finds DROP SCHEMA and DROP DATABASE.

    Why it matters
    --------------
    Everything in it is gone.

    Instead
    -------
    Do it by hand, after a backup; never in a migration.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-dropschema.html
    """

    code = "GRD505"
    name = "drop-schema-database"
    hazard = "D05"
    severity = "error"
    on = (st.SchemaStatement,)
    supersedes = ("GRD803",)
    bad = ('op.execute("DROP SCHEMA archive CASCADE")',)
    good = ('op.execute("CREATE SCHEMA archive")',)

    def check(self, statement: st.SchemaStatement, at: Place) -> Iterator[Finding]:
        if statement.action != "drop" or statement.kind not in ("schema", "database"):
            return
        yield self.finding(
            at,
            statement,
            f"This drops {statement.kind} {statement.name} with everything in it.",
            "Do it by hand, after a backup.",
            objects=(statement.name,),
        )
