"""GRD208: A change of collation or character set."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.mysql_ddl import copy_reason
from ..place import Place
from ..specs import TypeSpec
from ..statements import AlterColumn, AlterTable
from . import Example, Rule, rule


@rule
class CollationChange(Rule):
    """A change of collation or character set.

    What it does
    ------------
    Finds columns or tables that get another collation or character set.

    Why it matters
    --------------
    PostgreSQL rebuilds every index on the column under ACCESS EXCLUSIVE; MySQL copies the table.
    Unique values may clash and the order of results changes.

    Instead
    -------
    Add a new column with the collation, backfill it in batches and switch.

    References
    ----------
    https://www.postgresql.org/docs/current/collation.html
    """

    code = "GRD208"
    name = "collation-change"
    hazard = "R08"
    dialects = ("postgresql", "mysql", "mariadb")
    on = (
        AlterColumn,
        AlterTable,
    )
    bad = (
        "op.execute('ALTER TABLE items ALTER COLUMN title TYPE varchar(100) COLLATE \"C\"')",
        Example('op.execute("ALTER TABLE items CONVERT TO CHARACTER SET utf8mb4")', "mysql"),
    )
    good = ('op.add_column("items", sa.Column("title_c", sa.String(100, collation="C")))',)

    def check(self, statement: AlterColumn | AlterTable, at: Place) -> Iterator[Finding]:
        table = statement.table
        if at.is_new(table):
            return
        if isinstance(statement, AlterTable):
            if statement.action != "convert_charset":
                return
            what, name = "every text column of " + table, table
        else:
            old = at.old_type(statement)
            new = statement.type
            if new is None or not (new.collation or new.charset):
                return
            if old is not None and (old.collation, old.charset) == (new.collation, new.charset):
                return
            if at.dialect != "postgresql" and _is_copied(old, new):
                return
            what = name = f"{table}.{statement.column}"
        cost = (
            "rebuilds every index on it under ACCESS EXCLUSIVE"
            if at.dialect == "postgresql"
            else "copies the whole table while writes wait"
        )
        yield self.finding(
            at,
            statement,
            f"Another collation for {what} {cost}; values that were different may become equal.",
            "Add a column with the new collation, fill it in batches, switch, and drop the old one.",
            objects=[name],
        )


def _is_copied(old: TypeSpec | None, new: TypeSpec) -> bool:
    """Whether the type changes as well, and the copy of the table is reported for that."""
    return old is not None and old.known and old.name != new.name and bool(copy_reason(old, new))
