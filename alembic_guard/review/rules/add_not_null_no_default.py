"""GRD301: A NOT NULL column without a server default."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.wording import quoted, short
from ..place import Place
from ..statements import AddColumn
from . import Rule, rule


@rule
class AddNotNullNoDefault(Rule):
    """A NOT NULL column without a server default.

    What it does
    ------------
    Finds new columns that are NOT NULL and have no server_default. A Python ``default=`` does not
    count: the database never sees it.

    Why it matters
    --------------
    On a table with rows the statement fails. MySQL does not fail but fills every row with an
    empty string or zero.

    Instead
    -------
    Give it a server_default, or add it nullable, backfill, and set NOT NULL.

    References
    ----------
    https://www.postgresql.org/docs/current/ddl-alter.html#DDL-ALTER-ADDING-A-COLUMN
    """

    code = "GRD301"
    name = "add-not-null-no-default"
    hazard = "F01"
    severity = "error"
    on = (AddColumn,)
    bad = (
        'op.add_column("users", sa.Column("locale", sa.String(5), nullable=False))',
        'op.add_column("users", sa.Column("active", sa.Boolean(), default=True, nullable=False))',
        'op.execute("ALTER TABLE users ADD COLUMN tier integer NOT NULL")',
    )
    good = (
        'op.add_column("users", sa.Column("locale", sa.String(5), nullable=False, server_default="en"))',
        """
        op.create_table("users", sa.Column("id", sa.Integer, primary_key=True))
        op.add_column("users", sa.Column("locale", sa.String(5), nullable=False))
        """,
    )

    def check(self, statement: AddColumn, at: Place) -> Iterator[Finding]:
        column, table = statement.column, statement.table
        if column.nullable or column.default is not None or column.generated or at.is_new(table):
            return
        if _is_numbered(statement, at) or at.schema.column(table, column.name) is not None:
            return
        python = " (the Python default is applied by the ORM only)" if column.python_default else ""
        if at.dialect in ("mysql", "mariadb"):
            happens = "fills every existing row with an empty string or zero"
        else:
            happens = f"fails as soon as {table} has one row"
        yield self.finding(
            at,
            statement,
            f"{table}.{column.name} is NOT NULL and has no server default{python}: adding it {happens}.",
            f"""
            Give old rows a value:

                op.add_column({quoted(short(table))}, sa.Column({quoted(column.name)}, ..., nullable=False,
                                                      server_default=...))

            or add it with nullable=True, backfill, and set NOT NULL in a later revision.
            """,
            objects=[f"{table}.{column.name}"],
        )


def _is_numbered(statement: AddColumn, at: Place) -> bool:
    """Whether the server numbers the old rows; SQLite only does when the table is copied."""
    column = statement.column
    if at.dialect == "sqlite" and statement.context.batch is None:
        return statement.via == "sql" and column.primary_key
    return column.identity or column.autoincrement
