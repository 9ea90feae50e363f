"""GRD210: A type change of a column that a CHECK uses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.conversions import is_rewrite, is_same
from ..place import Place
from ..statements import AlterColumn
from . import Example, Rule, rule


@rule
class TypeChangeWithCheck(Rule):
    """A type change of a column that a CHECK uses.

    What it does
    ------------
    Finds changes that need no rewrite, of columns that a CHECK constraint names.

    Why it matters
    --------------
    The constraint is dropped and added again by the server, which reads the whole table under
    ACCESS EXCLUSIVE.

    Instead
    -------
    Drop the constraint, change the type, add it again NOT VALID, and validate it in the next
    revision.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
    """

    code = "GRD210"
    name = "type-change-with-check"
    hazard = "R10"
    dialects = ("postgresql",)
    on = (AlterColumn,)
    bad = (
        Example(
            (
                """
                op.create_table(
                    "users",
                    sa.Column("name", sa.String(40)),
                    sa.CheckConstraint("length(name) > 2", name="ck_users_name"),
                )
                """,
                'op.alter_column("users", "name", existing_type=sa.String(40), type_=sa.String(80))',
            )
        ),
    )
    good = ('op.alter_column("users", "name", existing_type=sa.String(40), type_=sa.String(80))',)

    def check(self, statement: AlterColumn, at: Place) -> Iterator[Finding]:
        new, old, table = statement.type, at.old_type(statement), at.table(statement.table)
        if new is None or old is None or table is None or at.is_new(table.name):
            return
        if is_same(old, new) or is_rewrite(old, new, statement.using):
            return
        word = re.compile(rf"\b{re.escape(statement.column)}\b", re.IGNORECASE)
        for found in table.of_kind("check"):
            if word.search(found.spec.expression):
                yield self.finding(
                    at,
                    statement,
                    f"{table.name}.{statement.column} needs no rewrite, but its check {found.name} is verified "
                    f"again: all rows of {table.name} are read under ACCESS EXCLUSIVE.",
                    f"Drop {found.name} first, change the type, add it again NOT VALID, and validate it in the "
                    "next revision.",
                    objects=[f"{table.name}.{statement.column}", found.name],
                )
                return
