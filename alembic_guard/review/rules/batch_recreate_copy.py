"""GRD132: batch_alter_table(recreate="always") on a server database."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..revision import Revision
from . import Rule, rule


@rule
class BatchRecreateCopy(Rule):
    """batch_alter_table(recreate="always") on a server database.

    What it does
    ------------
    Finds batch blocks that copy the table although the database can ALTER it.

    Why it matters
    --------------
    A new table is created, every row copied in one transaction and the old one dropped: foreign
    keys, triggers, grants and views on it are lost or make it fail, and all access waits.

    Instead
    -------
    Leave ``recreate`` out: on PostgreSQL and MySQL a batch block then emits plain ALTER TABLE.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/batch.html
    """

    code = "GRD132"
    name = "batch-recreate-copy"
    hazard = "L32"
    severity = "error"
    dialects = ("postgresql", "mysql", "mariadb")
    bad = (
        """
        with op.batch_alter_table("orders", recreate="always") as batch_op:
            batch_op.add_column(sa.Column("memo", sa.Text()))
        """,
    )
    good = (
        """
        with op.batch_alter_table("orders") as batch_op:
            batch_op.add_column(sa.Column("memo", sa.Text()))
        """,
    )

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        seen: set[int] = set()
        for statement in revision.upgrade:
            batch = statement.context.batch
            if (
                batch is None
                or batch.recreate != "always"
                or batch.line in seen
                or at.is_new(batch.table)
            ):
                continue
            seen.add(batch.line)
            yield self.finding(
                at,
                batch.line,
                f'recreate="always" copies {batch.table} row by row into a new table and drops the old '
                "one: all access waits, and views, triggers and grants on it are lost.",
                f'Write op.batch_alter_table("{batch.table}") without recreate: this database can ALTER it.',
                objects=[batch.table],
            )
