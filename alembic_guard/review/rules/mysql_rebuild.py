"""GRD128: A change that rebuilds the table in place."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.mysql_ddl import copy_reason, enum_reason
from ..place import Place
from ..statements import AddColumn, AlterColumn, AlterTable, Maintenance, RenameColumn
from . import Rule, rule


@rule
class MysqlRebuild(Rule):
    """A change that rebuilds the table in place.

    What it does
    ------------
    Finds changed nullability, columns added at a position that needs a rebuild, OPTIMIZE TABLE,
    ``ENGINE=InnoDB``, ``FORCE`` and a new row format.

    Why it matters
    --------------
    InnoDB writes the whole table anew. Other statements may run meanwhile, but disk space and
    time of a full copy are needed, and making a column NOT NULL fails on the first NULL.

    Instead
    -------
    Off-peak, with ``ALGORITHM=INPLACE, LOCK=NONE`` so that it fails rather than blocks; leave out
    FIRST and AFTER.

    References
    ----------
    https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-column-operations
    """

    code = "GRD128"
    name = "mysql-rebuild"
    hazard = "L28"
    dialects = ("mysql", "mariadb")
    on = (
        AlterColumn,
        AddColumn,
        AlterTable,
        Maintenance,
    )
    bad = (
        'op.alter_column("users", "email", existing_type=sa.String(80), nullable=False)',
        'op.execute("ALTER TABLE users ROW_FORMAT=COMPRESSED")',
        'op.execute("OPTIMIZE TABLE users")',
    )
    good = (
        """
        op.alter_column("users", "email", existing_type=sa.String(80), existing_nullable=False, nullable=False)
        """,
    )

    def check(
        self, statement: AlterColumn | AddColumn | AlterTable | Maintenance, at: Place
    ) -> Iterator[Finding]:
        table = statement.table
        if table is None or at.is_new(table):
            return
        if isinstance(statement, (AlterTable, Maintenance)):
            option = _whole_table(statement)
            if option is None:
                return
            what, strict = option, ""
        elif isinstance(statement, AddColumn):
            column = statement.column
            if column.position is None or at.is_able("instant_add_column_anywhere"):
                return
            what, strict = f"Adding {table}.{column.name} at a position", ""
        else:
            if (
                statement.nullable is None
                or self._is_kept(statement, at)
                or self._is_copied(statement, at)
                or (statement.modify and at.forbids("rebuild", statement))
            ):
                return
            end = "NULL" if statement.nullable else "NOT NULL"
            what = f"Making {table}.{statement.column} {end}"
            strict = "" if statement.nullable else ", and the first NULL makes it fail"
            if statement.modify and at.column(table, statement.column) is None:
                strict += "; only if it is NOT NULL already nothing happens"
        yield self.finding(
            at,
            statement,
            f"{what} rebuilds the whole table {table}: time and disk space of a full copy are needed{strict}.",
            "Run it off-peak, with ALGORITHM=INPLACE, LOCK=NONE, so that it fails rather than blocks.",
            objects=[table],
        )

    def _is_kept(self, statement: AlterColumn, at: Place) -> bool:
        """Whether the column is what the line says already, or nobody knows."""
        known = at.column(statement.table, statement.column)
        before = known.nullable if known is not None else statement.existing_nullable
        if before is None:
            return bool(statement.nullable) or (
                statement.modify and not self._is_restated_text(statement, at)
            )
        return before == statement.nullable

    def _is_restated_text(self, statement: AlterColumn, at: Place) -> bool:
        """Whether MODIFY says NOT NULL of text, for which no copy is reported; CHANGE renames."""
        kind = statement.type
        renamed = any(
            isinstance(s, RenameColumn) and s.line == statement.line for s in at.earlier[-1:]
        )
        return not renamed and kind is not None and kind.name in ("varchar", "char", "text")

    def _is_copied(self, statement: AlterColumn, at: Place) -> bool:
        """Whether the same statement is reported as a copy."""
        new, old = statement.type, at.old_type(statement)
        if new is None or (old is None and statement.modify):
            return False
        return (copy_reason(old, new) or enum_reason(old, new)) is not None


def _whole_table(statement: AlterTable | Maintenance) -> str | None:
    """What rebuilds the table without a word about its columns."""
    if isinstance(statement, Maintenance):
        return "OPTIMIZE TABLE" if statement.verb == "optimize" else None
    if statement.action == "engine" and (statement.target or "").lower() == "innodb":
        return "ENGINE=InnoDB"
    return {"row_format": "A new row format", "force": "FORCE"}.get(statement.action)
