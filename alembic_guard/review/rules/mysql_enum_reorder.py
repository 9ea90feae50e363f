"""GRD130: an ENUM or SET whose members move or disappear."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.mysql_ddl import enum_reason
from ..place import Place
from ..specs import TypeSpec
from ..statements import AlterColumn
from . import Rule, rule


@rule
class MysqlEnumReorder(Rule):
    """An ENUM or SET whose members move or disappear.

    What it does
    ------------
    Finds changed member lists that are not an append.

    Why it matters
    --------------
    Rows store positions: the table is copied while writes wait, and rows with a removed member
    become empty strings or make it fail.

    Instead
    -------
    Append new members at the end only.

    References
    ----------
    https://dev.mysql.com/doc/refman/8.4/en/enum.html
    """

    code = "GRD130"
    name = "mysql-enum-reorder"
    hazard = "L30"
    severity = "error"
    dialects = ("mysql", "mariadb")
    on = (AlterColumn,)
    bad = (
        "op.execute(\"ALTER TABLE orders MODIFY state ENUM('a', 'b', 'c') NOT NULL\")",
        """
        from sqlalchemy.dialects import mysql
        op.alter_column(
            "orders", "state", existing_type=mysql.ENUM("a", "b"), type_=mysql.ENUM("b", "a"),
            existing_nullable=False,
        )
        """,
    )
    good = (
        """
        from sqlalchemy.dialects import mysql
        op.alter_column(
            "orders", "state", existing_type=mysql.ENUM("a", "b"), type_=mysql.ENUM("a", "b", "c"),
            existing_nullable=False,
        )
        """,
        """
        op.execute("ALTER TABLE orders MODIFY state ENUM('a', 'b', 'c') NOT NULL, ALGORITHM=INSTANT")
        """,
    )

    def check(self, statement: AlterColumn, at: Place) -> Iterator[Finding]:
        new, old = statement.type, at.old_type(statement)
        if new is None or at.is_new(statement.table):
            return
        reason = enum_reason(old, new)
        if reason is None or (not _members(old) and at.forbids("copy", statement)):
            return
        name = f"{statement.table}.{statement.column}"
        kept = ", ".join(repr(value) for value in (old.values if old is not None else new.values))
        yield self.finding(
            at,
            statement,
            f"Changing the members of {name} copies {statement.table} while writes wait: {reason}.",
            f"Keep the existing members first and in their order, and append new ones: {kept}, ...",
            objects=[name],
        )


def _members(kind: TypeSpec | None) -> tuple[str, ...]:
    return kind.values if kind is not None else ()
