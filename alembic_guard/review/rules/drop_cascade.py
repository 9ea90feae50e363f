"""GRD504: drop cascade."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from . import Rule, rule


@rule
class DropCascade(Rule):
    """DROP ... CASCADE drops what nobody named.

    What it does
    ------------
    Finds CASCADE on anything dropped, except schemas.

    Why it matters
    --------------
    Views, foreign keys, defaults and functions that depend on it go too, without being listed anywhere.

    Instead
    -------
    Drop the dependents by name; the statement fails when one was forgotten.

    References
    ----------
    https://www.postgresql.org/docs/current/ddl-depend.html
    """

    code = "GRD504"
    name = "drop-cascade"
    hazard = "D04"
    severity = "error"
    dialects = ("postgresql",)
    on = (
        st.DropTable,
        st.DropColumn,
        st.DropConstraint,
        st.DropType,
        st.ViewStatement,
        st.CodeStatement,
        st.DropIndex,
        st.SchemaStatement,
        st.SequenceStatement,
    )
    bad = (
        'op.execute("DROP TABLE old_reports CASCADE")',
        'op.execute("DROP SEQUENCE old_numbers CASCADE")',
    )
    good = (
        """
        op.execute("CREATE TABLE draft (id integer)")
        op.execute("DROP TABLE draft CASCADE")
        """,
    )

    def check(self, statement: st.Statement, at: Place) -> Iterator[Finding]:
        if not getattr(statement, "cascade", False) or at.is_new(at.table_of(statement)):
            return
        if isinstance(statement, st.SchemaStatement) and statement.kind != "extension":
            return
        name = getattr(statement, "column", None) or getattr(statement, "name", None)
        name = name or getattr(statement, "table", "it")
        yield self.finding(
            at,
            statement,
            f"CASCADE also drops every view, foreign key, default and function that depends on {name}, "
            "whatever they are on the day it runs.",
            "List the dependents in pg_depend, drop them by name, and leave CASCADE out.",
            objects=(str(name),),
        )
