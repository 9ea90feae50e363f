"""GRD507: A SQLite batch block that loses CHECK constraints."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.sqlite_batch import is_recreated
from ..place import Place
from ..revision import Revision
from . import Example, Rule, rule


@rule
class SqliteBatchLostConstraints(Rule):
    """A SQLite batch block that loses CHECK constraints.

    What it does
    ------------
    Finds batch blocks that copy a table of which the history knows CHECK constraints that
    reflection does not bring back.

    Why it matters
    --------------
    Alembic reflects the table, creates the copy from that, and swaps. Unnamed CHECK constraints
    are not reflected: afterwards they are gone, with no error.

    Instead
    -------
    Name them, or pass them again: ``batch_alter_table("t",
    table_args=(sa.CheckConstraint(...),))``.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/batch.html#including-check-constraints
    """

    code = "GRD507"
    name = "sqlite-batch-lost-constraints"
    hazard = "D07"
    dialects = ("sqlite",)
    bad = (
        Example(
            (
                """
                op.create_table(
                    "users", sa.Column("age", sa.Integer()), sa.CheckConstraint("age > 0")
                )
                """,
                """
                with op.batch_alter_table("users") as batch_op:
                    batch_op.alter_column("age", existing_type=sa.Integer(), type_=sa.BigInteger())
                """,
            )
        ),
    )
    good = (
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(sa.Column("age", sa.Integer(), nullable=True))
        """,
    )

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        seen: set[int] = set()
        for statement in revision.upgrade:
            batch = statement.context.batch
            table = at.before.table(batch.table) if batch is not None else None
            if batch is None or table is None or batch.line in seen:
                continue
            if "table_args" in batch.options or "copy_from" in batch.options:
                continue
            if batch.recreate == "never" or not (
                batch.recreate == "always" or is_recreated(statement)
            ):
                continue
            seen.add(batch.line)
            lost = [c.spec.expression for c in table.of_kind("check") if c.spec.name is None]
            if lost:
                yield self.finding(
                    at,
                    batch.line,
                    f"The copy of {batch.table} loses its unnamed check ({'; '.join(lost)}): reflection does not see it.",
                    f"""
                    Pass it again:

                        op.batch_alter_table("{batch.table}", table_args=(sa.CheckConstraint("{lost[0]}"),))
                    """,
                    objects=[batch.table],
                )
