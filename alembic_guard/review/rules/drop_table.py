"""GRD404: A table dropped under the running application."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.novelty import created_here
from ..place import Place
from ..statements import DropTable
from . import Rule, rule


@rule
class DropTableFound(Rule):
    """A table dropped under the running application.

    What it does
    ------------
    Finds dropped tables that existed before this revision.

    Why it matters
    --------------
    Running code that still uses it fails, and the rows are gone.

    Instead
    -------
    Remove the model and release that first. Then rename the table, wait, and drop it later.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-droptable.html
    """

    code = "GRD404"
    name = "drop-table"
    hazard = "C04"
    on = (DropTable,)
    bad = ('op.drop_table("reports")',)
    good = (
        """
        op.create_table("scratch", sa.Column("id", sa.Integer, primary_key=True))
        op.drop_table("scratch")
        """,
    )

    def check(self, statement: DropTable, at: Place) -> Iterator[Finding]:
        table = statement.table
        if at.is_new(table) or created_here(at, table):
            return
        yield self.finding(
            at,
            statement,
            f"Running code that still uses {table} fails from here on, and its rows are gone.",
            f"Remove the model of {table} and release that first; drop the table one release later.",
            objects=[table],
        )
