"""GRD603: downgrade not null."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from . import Example, Rule, rule


@rule
class DowngradeNotNull(Rule):
    """The way back adds a NOT NULL column without a default.

    What it does
    ------------
    Finds NOT NULL columns without a server default in downgrade().

    Why it matters
    --------------
    The table has rows by then, so the statement fails: the release cannot be taken back when it
    matters most.

    Instead
    -------
    Give the column a ``server_default``, or bring it back nullable.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html
    """

    code = "GRD603"
    name = "downgrade-not-null"
    hazard = "V03"
    severity = "warning"
    on = (st.AddColumn,)
    directions = ("downgrade",)
    bad = (
        Example(
            """op.drop_column("orders", "quantity")""",
            down="""op.add_column("orders", sa.Column("quantity", sa.Integer, nullable=False))""",
        ),
    )
    good = (
        Example(
            """op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True))""",
            down="""op.drop_table("tags")""",
        ),
    )

    def check(self, statement: st.AddColumn, at: Place) -> Iterator[Finding]:
        column = statement.column
        if column.nullable or column.default is not None or column.identity or column.generated:
            return
        if at.dialect in ("mysql", "mariadb") or _is_new(statement.table, at):
            return
        yield self.finding(
            at,
            statement,
            f"Bringing back {statement.table}.{column.name} as NOT NULL without a default fails as soon as "
            "the table has a row.",
            f"""
            Bring it back with a default, or nullable:

                op.add_column("{statement.table}", sa.Column("{column.name}", ..., nullable=True))
            """,
            objects=(statement.table, column.name),
        )


def _is_new(table: str, at: Place) -> bool:
    """Whether downgrade() itself makes the table, so that it is empty."""
    return any(isinstance(s, st.CreateTable) and s.table == table for s in at.earlier)
