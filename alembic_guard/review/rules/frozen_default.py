"""GRD816: frozen default."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..specs import Default
from . import Rule, rule


@rule
class FrozenDefault(Rule):
    """A server default that Python computed once.

    What it does
    ------------
    Finds ``server_default`` values taken from a clock, a random number or the environment when the
    migration runs.

    Why it matters
    --------------
    The value is fixed in the table's definition for ever: every row gets the moment, or the identifier,
    of the deployment.

    Instead
    -------
    Let the database compute it: ``sa.func.now()``, ``sa.text("gen_random_uuid()")``.

    References
    ----------
    https://docs.sqlalchemy.org/en/20/core/defaults.html#server-invoked-ddl-explicit-default-expressions
    """

    code = "GRD816"
    name = "frozen-default"
    hazard = "N06"
    severity = "error"
    on = (
        st.AddColumn,
        st.CreateTable,
        st.AlterColumn,
    )
    supersedes = ("GRD817",)
    bad = (
        """
        import uuid
        op.add_column("products", sa.Column("uid", sa.String(36), server_default=str(uuid.uuid4())))
        """,
        """
        from uuid import uuid4 as new_id
        op.add_column("products", sa.Column("uid", sa.String(36), server_default=f"{new_id()}"))
        """,
        """
        import secrets
        op.execute(f"ALTER TABLE products ADD COLUMN salt text DEFAULT '{secrets.token_hex(8)}'")
        """,
    )
    good = (
        """op.execute("ALTER TABLE products ADD COLUMN shape jsonb DEFAULT '{\\"time.zone\\": 1}'")""",
        'op.add_column("products", sa.Column("listed_at", sa.DateTime, server_default=sa.func.now()))',
    )

    def check(self, statement: st.Statement, at: Place) -> Iterator[Finding]:
        for column, default in _defaults(statement):
            if default is None or default.kind != "python":
                continue
            own_line = isinstance(statement, st.CreateTable) and default.line
            table = getattr(statement, "table", "")
            yield self.finding(
                at,
                default.line if own_line else statement,
                f"The default of {table}.{column} is computed once, when the migration runs: every row ever "
                "inserted gets that same value.",
                f"""
                Let the database compute it for each row:

                    sa.Column("{column}", ..., server_default=sa.func.now())
                """,
                objects=(table, column),
            )


def _defaults(statement: st.Statement) -> Iterator[tuple[str, Default | None]]:
    if isinstance(statement, st.AddColumn):
        yield statement.column.name, statement.column.default
    elif isinstance(statement, st.CreateTable):
        for column in statement.columns:
            yield column.name, column.default
    elif isinstance(statement, st.AlterColumn) and isinstance(statement.server_default, Default):
        yield statement.column, statement.server_default
