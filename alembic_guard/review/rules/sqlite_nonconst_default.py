"""GRD312: ADD COLUMN with a default that is not constant, on SQLite."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.wording import quoted
from ..place import Place
from ..statements import AddColumn
from . import Rule, rule


@rule
class SqliteNonconstDefault(Rule):
    """ADD COLUMN with a default that is not constant, on SQLite.

    What it does
    ------------
    Finds new columns whose default is CURRENT_TIMESTAMP or an expression, outside a batch block.

    Why it matters
    --------------
    SQLite refuses it: "Cannot add a column with non-constant default".

    Instead
    -------
    Inside ``op.batch_alter_table`` Alembic copies the table instead, which works.

    References
    ----------
    https://www.sqlite.org/lang_altertable.html#alter_table_add_column
    """

    code = "GRD312"
    name = "sqlite-nonconst-default"
    hazard = "F12"
    severity = "error"
    dialects = ("sqlite",)
    on = (AddColumn,)
    directions = ("upgrade", "downgrade")
    bad = ('op.add_column("users", sa.Column("at", sa.DateTime(), server_default=sa.func.now()))',)
    good = (
        'op.add_column("users", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))',
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(sa.Column("at", sa.DateTime(), server_default=sa.func.now()))
        """,
    )

    def check(self, statement: AddColumn, at: Place) -> Iterator[Finding]:
        column, table = statement.column, statement.table
        default = column.default
        if default is None or default.kind != "expression" or column.generated:
            return
        if statement.context.batch is not None and statement.context.batch.recreate != "never":
            return
        if self._is_constant(default.text):
            return
        yield self.finding(
            at,
            statement,
            f"SQLite refuses to add {table}.{column.name}: its default {default.text} is not a constant.",
            f"""
            Let Alembic copy the table:

                with op.batch_alter_table({quoted(table)}) as batch_op:
                    batch_op.add_column(sa.Column({quoted(column.name)}, ...))
            """,
            objects=[f"{table}.{column.name}"],
        )

    def _is_constant(self, text: str) -> bool:
        bare = text.strip()
        return (
            bare.lower() in ("null", "true", "false")
            or bare.replace(".", "", 1).lstrip("+-").isdigit()
        )
