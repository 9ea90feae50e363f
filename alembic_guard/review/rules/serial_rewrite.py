"""GRD205: A serial, identity or AUTO_INCREMENT column on an existing table."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.wording import quoted, short
from ..place import Place
from ..statements import AddColumn
from . import Rule, rule


@rule
class SerialRewrite(Rule):
    """A serial, identity or AUTO_INCREMENT column on an existing table.

    What it does
    ------------
    Finds new columns that number every existing row.

    Why it matters
    --------------
    Each row gets its own value, so the table is rewritten under an exclusive lock.

    Instead
    -------
    Add a nullable bigint, create a sequence, make it the default for new rows, and fill the old
    ones in batches.

    References
    ----------
    https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-SERIAL
    """

    code = "GRD205"
    name = "serial-rewrite"
    hazard = "R05"
    severity = "error"
    dialects = ("postgresql", "mysql", "mariadb")
    on = (AddColumn,)
    bad = (
        'op.execute("ALTER TABLE events ADD COLUMN seq bigserial")',
        'op.add_column("events", sa.Column("seq", sa.BigInteger(), sa.Identity()))',
        'op.add_column("events", sa.Column("id", sa.BigInteger(), primary_key=True))',
    )
    good = (
        'op.create_table("events", sa.Column("seq", sa.BigInteger(), sa.Identity(), primary_key=True))',
    )

    def check(self, statement: AddColumn, at: Place) -> Iterator[Finding]:
        column, table = statement.column, statement.table
        if at.is_new(table) or not self._is_numbered(statement, at):
            return
        sequence = f"{short(table)}_{column.name}_seq"
        steps = f"""
            Number new rows from now on, and the old ones in batches:

                op.add_column({quoted(short(table))}, sa.Column({quoted(column.name)}, sa.BigInteger(), nullable=True))
                op.execute("CREATE SEQUENCE {sequence} OWNED BY {table}.{column.name}")
                op.execute("ALTER TABLE {table} ALTER COLUMN {column.name} SET DEFAULT nextval('{sequence}')")
            """
        yield self.finding(
            at,
            statement,
            f"{table}.{column.name} gives every existing row a number of its own: {table} is rewritten "
            "while all its reads and writes wait.",
            steps
            if at.dialect == "postgresql"
            else f"Run it when {table} is quiet, or with gh-ost.",
            objects=[f"{table}.{column.name}"],
        )

    def _is_numbered(self, statement: AddColumn, at: Place) -> bool:
        """SQLAlchemy writes SERIAL or AUTO_INCREMENT for an integer key, and only for a key."""
        column = statement.column
        if column.identity:
            return True
        by_hand = at.dialect != "postgresql" and statement.via == "sql"
        return column.autoincrement and (column.primary_key or by_hand)
