"""GRD403: A column dropped under the running application."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.novelty import added_here
from ..place import Place
from ..statements import DropColumn
from . import Rule, rule


@rule
class DropColumnFound(Rule):
    """A column dropped under the running application.

    What it does
    ------------
    Finds dropped columns of existing tables.

    Why it matters
    --------------
    The ORM of every running process names the column in each SELECT and INSERT: all of them fail
    until the last old process is replaced. The data is gone as well.

    Instead
    -------
    Remove the attribute from the models and release that first; drop the column in the next
    release.

    References
    ----------
    https://www.postgresql.org/docs/current/ddl-alter.html#DDL-ALTER-REMOVING-A-COLUMN
    """

    code = "GRD403"
    name = "drop-column"
    hazard = "C03"
    on = (DropColumn,)
    bad = (
        'op.drop_column("users", "fax")',
        'op.execute("ALTER TABLE users DROP COLUMN fax")',
    )
    good = (
        """
        op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("fax", sa.String(20)))
        op.drop_column("users", "fax")
        """,
    )

    def check(self, statement: DropColumn, at: Place) -> Iterator[Finding]:
        table, column = statement.table, statement.column
        if at.is_new(table) or added_here(at, table, column):
            return
        yield self.finding(
            at,
            statement,
            f"Running code whose model still has {table}.{column} names it in every SELECT and INSERT, and fails "
            "from here on; the values are gone.",
            f"Remove {column} from the model and release that first; drop the column one release later.",
            objects=[f"{table}.{column}"],
        )
