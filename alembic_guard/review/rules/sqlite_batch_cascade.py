"""GRD506: A SQLite batch block that deletes child rows."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..knowledge.sqlite_batch import is_recreated
from ..place import Place
from ..revision import Revision
from . import Example, Rule, rule


@rule
class SqliteBatchCascade(Rule):
    """A SQLite batch block that deletes child rows.

    What it does
    ------------
    Finds batch blocks that copy a table which other tables reference, or while PRAGMA foreign_keys
    is on, unless it is switched off before any row is written.

    Why it matters
    --------------
    Copy and swap drops the old table. With foreign keys on, DROP TABLE deletes its rows first,
    and ON DELETE CASCADE deletes the rows of the child tables with them. PRAGMA foreign_keys does
    nothing inside a transaction.

    Instead
    -------
    Switch foreign keys off on the connection before the transaction starts, in env.py.

    References
    ----------
    https://www.sqlite.org/lang_droptable.html
    https://www.sqlite.org/pragma.html#pragma_foreign_keys
    """

    code = "GRD506"
    name = "sqlite-batch-cascade"
    hazard = "D06"
    severity = "error"
    dialects = ("sqlite",)
    bad = (
        """
        op.execute("PRAGMA foreign_keys=ON")
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("name", existing_type=sa.String(80), nullable=False)
        """,
        Example(
            (
                """
                op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(9)))
                op.create_table(
                    "posts", sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id", ondelete="CASCADE"))
                )
                """,
                """
                with op.batch_alter_table("users") as batch_op:
                    batch_op.alter_column("name", existing_type=sa.String(9), type_=sa.String(90))
                """,
            )
        ),
    )
    good = (
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("name", existing_type=sa.String(80), type_=sa.String(90))
        """,
    )

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        seen: set[int] = set()
        if _is_switched_off_in_time(revision):
            return
        switched = any(_is_switch(s) for s in revision.upgrade)
        for statement in revision.upgrade:
            batch = statement.context.batch
            if batch is None or batch.line in seen or at.is_new(batch.table):
                continue
            if batch.recreate == "never" or not (
                batch.recreate == "always" or is_recreated(statement)
            ):
                continue
            seen.add(batch.line)
            child = self._cascading_child(batch.table, at)
            if child is None and not switched:
                continue
            who = (
                f"rows of {child} that reference it"
                if child
                else "rows that reference it ON DELETE CASCADE"
            )
            yield self.finding(
                at,
                batch.line,
                f"This block copies {batch.table} and drops the old table: with foreign keys on, the {who} "
                "are deleted. PRAGMA foreign_keys changes nothing once the transaction has written a row.",
                """
                Switch foreign keys off in env.py, before the transaction starts:

                    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
                """,
                objects=[batch.table],
            )

    def _cascading_child(self, table: str, at: Place) -> str | None:
        for other in at.schema.tables():
            for found in other.of_kind("foreign"):
                cascades = (found.spec.ondelete or "").upper() in (
                    "CASCADE",
                    "SET NULL",
                    "SET DEFAULT",
                )
                if found.spec.ref_table == table and other.name != table and cascades:
                    return other.name
        return None


def _is_switch(statement: st.Statement) -> bool:
    return isinstance(statement, st.SetVariable) and statement.name == "foreign_keys"


def _is_switched_off_in_time(revision: Revision) -> bool:
    """Whether foreign keys go off before the first row is written.

    Python's sqlite3 opens the transaction in which the PRAGMA does nothing at the first INSERT,
    UPDATE or DELETE, not at DDL.
    """
    for statement in revision.upgrade:
        if _is_switch(statement):
            return getattr(statement, "value", "") in ("off", "0", "false", "no")
        if isinstance(statement, st.Dml) and statement.verb != "select":
            return False
    return False
