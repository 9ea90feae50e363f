"""GRD311: an ALTER that SQLite does not have, outside a batch block."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.wording import quoted
from ..place import Place
from ..statements import AddColumn, AddConstraint, AlterColumn, DropColumn, DropConstraint
from . import Rule, rule


@rule
class SqliteAlterUnsupported(Rule):
    """An ALTER that SQLite does not have, outside a batch block.

    What it does
    ------------
    Finds alter_column, constraint operations, (before 3.35) drop_column, and added columns that are
    STORED or bring a constraint, where they are not inside ``batch_alter_table``.

    Why it matters
    --------------
    SQLite can only add, rename and drop columns; everything else fails at deployment.

    Instead
    -------
    ``with op.batch_alter_table("table") as batch_op:``, which copies the table.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/batch.html
    https://www.sqlite.org/lang_altertable.html
    """

    code = "GRD311"
    name = "sqlite-alter-unsupported"
    hazard = "F11"
    severity = "error"
    dialects = ("sqlite",)
    on = (
        AddColumn,
        AlterColumn,
        AddConstraint,
        DropConstraint,
        DropColumn,
    )
    directions = ("upgrade", "downgrade")
    bad = (
        'op.add_column("users", sa.Column("team_id", sa.Integer(), sa.ForeignKey("teams.id")))',
        'op.add_column("users", sa.Column("size", sa.Integer(), sa.Computed("a + b", persisted=True)))',
        'op.alter_column("users", "name", existing_type=sa.String(80), type_=sa.String(200))',
        'op.create_unique_constraint("uq_users_email", "users", ["email"])',
    )
    good = (
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("name", existing_type=sa.String(80), type_=sa.String(200))
        """,
    )

    def check(
        self,
        statement: AlterColumn | AddColumn | AddConstraint | DropConstraint | DropColumn,
        at: Place,
    ) -> Iterator[Finding]:
        if statement.context.batch is not None:
            return
        refused = _refused_column(statement, at) if isinstance(statement, AddColumn) else None
        if isinstance(statement, AddColumn) and refused is None:
            return
        if isinstance(statement, DropColumn) and at.is_able("drop_column"):
            return
        table = statement.table
        verb = {
            AddColumn: f"add a {refused}",
            AlterColumn: "alter a column",
            AddConstraint: "add a constraint",
            DropConstraint: "drop a constraint",
            DropColumn: "drop a column",
        }[type(statement)]
        yield self.finding(
            at,
            statement,
            f"SQLite cannot {verb} of an existing table: this fails on {table}.",
            f"""
            Let Alembic copy the table:

                with op.batch_alter_table({quoted(table)}) as batch_op:
                    ...  # the same operation on batch_op, without the table
            """,
            objects=[table],
        )


def _refused_column(statement: AddColumn, at: Place) -> str | None:
    """Alembic adds a constraint by ALTER; in SQL text a foreign key may stand in the column."""
    column = statement.column
    if column.unique or (column.foreign is not None and statement.via == "op"):
        return "column with a constraint"
    if column.primary_key and statement.via == "sql":
        return "primary key column"
    if column.generated == "stored" and not at.is_new(statement.table):
        return "stored computed column, as soon as there is one row,"
    return None
