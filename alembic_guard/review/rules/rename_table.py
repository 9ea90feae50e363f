"""GRD402: A table renamed under the running application."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..statements import RenameTable
from . import Rule, rule


@rule
class RenameTableFound(Rule):
    """A table renamed under the running application.

    What it does
    ------------
    Finds renamed tables, unless a view with the old name takes their place in the same revision.

    Why it matters
    --------------
    Every query of the old code fails until the last old process is replaced.

    Instead
    -------
    Rename and create an updatable view with the old name in one transaction; drop the view once
    nobody uses it.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS
    """

    code = "GRD402"
    name = "rename-table"
    hazard = "C02"
    severity = "error"
    on = (RenameTable,)
    bad = (
        'op.rename_table("users", "people")',
        'op.execute("ALTER TABLE users RENAME TO people")',
    )
    good = (
        """
        op.rename_table("users", "people")
        op.execute("CREATE VIEW users AS SELECT * FROM people")
        """,
    )

    def check(self, statement: RenameTable, at: Place) -> Iterator[Finding]:
        old, new = statement.table, statement.new
        if at.is_new(old) or self._is_replaced(old, at):
            return
        yield self.finding(
            at,
            statement,
            f"Code that is running while this is applied still says {old}: all its queries fail until every "
            f"process knows {new}.",
            f"""
            Keep the old name alive as an updatable view, in the same transaction:

                op.rename_table("{old}", "{new}")
                op.execute("CREATE VIEW {old} AS SELECT * FROM {new}")

            and drop the view when no process uses it any more.
            """,
            objects=[old, new],
        )

    def _is_replaced(self, old: str, at: Place) -> bool:
        """Whether something else answers to the old name afterwards."""
        for later in at.later:
            if (
                isinstance(later, st.ViewStatement)
                and later.action in ("create", "replace")
                and later.name == old
            ):
                return True
            if (
                isinstance(later, RenameTable)
                and later.new.rpartition(".")[2] == old.rpartition(".")[2]
            ):
                return True
            if isinstance(later, st.CreateTable) and later.table == old:
                return True
        return False
