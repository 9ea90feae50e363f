"""GRD417: A view or function dropped under the running application."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..statements import CodeStatement, ViewStatement
from . import Rule, rule


@rule
class DropViewFunction(Rule):
    """A view or function dropped under the running application.

    What it does
    ------------
    Finds dropped views and functions that the revision does not create again.

    Why it matters
    --------------
    Running code and other database objects that use it fail from here on.

    Instead
    -------
    Create a new version beside it, release code that uses the new one, and drop the old one
    later.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-dropview.html
    """

    code = "GRD417"
    name = "drop-view-function"
    hazard = "C17"
    on = (
        ViewStatement,
        CodeStatement,
    )
    bad = (
        'op.execute("DROP VIEW open_orders")',
        'op.execute("DROP FUNCTION total(integer)")',
    )
    good = (
        """
        op.execute("DROP VIEW open_orders")
        op.execute("CREATE VIEW open_orders AS SELECT 1 AS id")
        """,
    )

    def check(self, statement: ViewStatement | CodeStatement, at: Place) -> Iterator[Finding]:
        if statement.action != "drop":
            return
        if isinstance(statement, CodeStatement) and statement.kind not in ("function", "procedure"):
            return
        if any(self._brings_back(other, statement) for other in (*at.earlier, *at.later)):
            return
        kind = "view" if isinstance(statement, ViewStatement) else statement.kind
        yield self.finding(
            at,
            statement,
            f"Running code and other objects that use the {kind} {statement.name} fail from here on.",
            f"Release code that does not use {statement.name} first, and drop it one release later.",
            objects=[statement.name],
        )

    def _brings_back(self, other: st.Statement, statement: ViewStatement | CodeStatement) -> bool:
        """Whether the revision creates it too: the same view or function, or a table of that name."""
        if isinstance(other, (ViewStatement, CodeStatement)):
            same = type(other) is type(statement) and other.name == statement.name
            return same and other.action in ("create", "replace")
        if isinstance(statement, CodeStatement):
            return False
        if isinstance(other, st.RenameTable):
            return other.new == statement.name
        return isinstance(other, st.CreateTable) and other.table == statement.name
