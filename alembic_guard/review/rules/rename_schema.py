"""GRD410: A schema renamed, or a table moved to another one."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..statements import AlterTable, SchemaStatement
from . import Rule, rule


@rule
class RenameSchema(Rule):
    """A schema renamed, or a table moved to another one.

    What it does
    ------------
    Finds ALTER SCHEMA ... RENAME and ALTER TABLE ... SET SCHEMA.

    Why it matters
    --------------
    Running code and its search_path still use the old place: every query fails.

    Instead
    -------
    Move the table and create a view in the old place in one transaction.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-SCHEMA
    """

    code = "GRD410"
    name = "rename-schema"
    hazard = "C10"
    severity = "error"
    dialects = ("postgresql",)
    on = (
        AlterTable,
        SchemaStatement,
    )
    bad = (
        'op.execute("ALTER TABLE reports SET SCHEMA archive")',
        'op.execute("ALTER SCHEMA sales RENAME TO shop")',
    )
    good = (
        """
        op.execute("ALTER TABLE reports SET SCHEMA archive")
        op.execute("CREATE VIEW reports AS SELECT * FROM archive.reports")
        """,
    )

    def check(self, statement: AlterTable | SchemaStatement, at: Place) -> Iterator[Finding]:
        if isinstance(statement, SchemaStatement):
            if statement.kind != "schema" or statement.action != "rename":
                return
            old, new = statement.name, statement.new or ""
        else:
            if statement.action != "set_schema" or at.is_new(statement.table):
                return
            old, new = statement.table, f"{statement.target}.{statement.table.rpartition('.')[2]}"
            if any(isinstance(s, st.ViewStatement) and s.name == old for s in at.later):
                return
        yield self.finding(
            at,
            statement,
            f"Running code still looks for {old}: all its queries fail until every process knows {new}.",
            f"Create views in the old place, in the same transaction, and drop them when nobody uses {old}.",
            objects=[old, new],
        )
