"""GRD202: ADD COLUMN with a default computed for each row."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.volatility import is_known_volatile, volatile_call
from ..knowledge.wording import quoted, short
from ..place import Place
from ..statements import AddColumn, CodeStatement
from . import Rule, rule


@rule
class VolatileDefaultRewrite(Rule):
    """ADD COLUMN with a default computed for each row.

    What it does
    ------------
    Finds new columns whose server default calls a volatile function. ``now()`` is stable and is
    not one.

    Why it matters
    --------------
    A constant or stable default is stored once; a volatile one must be computed for every
    existing row, so the table is rewritten under ACCESS EXCLUSIVE.

    Instead
    -------
    Add the column without a default, set the default for new rows, and fill the old ones in
    batches.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
    """

    code = "GRD202"
    name = "volatile-default-rewrite"
    hazard = "R02"
    dialects = ("postgresql",)
    on = (AddColumn,)
    bad = (
        """
        op.add_column("users", sa.Column("token", sa.Uuid(), server_default=sa.text("gen_random_uuid()")))
        """,
        'op.execute("ALTER TABLE users ADD COLUMN seen timestamptz DEFAULT clock_timestamp()")',
    )
    good = (
        'op.add_column("users", sa.Column("seen", sa.DateTime(), server_default=sa.func.now(), nullable=False))',
        """
        op.add_column("users", sa.Column("token", sa.Uuid(), nullable=True))
        op.alter_column("users", "token", server_default=sa.text("gen_random_uuid()"))
        """,
        """
        from shop import constants
        op.add_column("users", sa.Column("role", sa.String(20), server_default=constants.GUEST))
        """,
    )

    def check(self, statement: AddColumn, at: Place) -> Iterator[Finding]:
        column, table = statement.column, statement.table
        default = column.default
        if default is None or default.kind != "expression" or at.is_new(table):
            return
        if column.generated or column.identity or not at.is_able("constant_default_is_metadata"):
            return
        function = volatile_call(default.text)
        if function is None or _is_declared_otherwise(function, at):
            return
        sure = (
            "is volatile"
            if is_known_volatile(function)
            else "is volatile unless declared otherwise"
        )
        yield self.finding(
            at,
            statement,
            f"{function}() {sure}, so adding {table}.{column.name} computes it for every row and rewrites "
            f"{table} under ACCESS EXCLUSIVE: all reads and writes wait.",
            f"""
            Three steps, none of which rewrites:

                op.add_column({quoted(short(table))}, sa.Column({quoted(column.name)}, ..., nullable=True))
                op.alter_column({quoted(short(table))}, {quoted(column.name)},
                                server_default=sa.text({quoted(default.text)}))
                # then fill the old rows in batches
            """,
            objects=[f"{table}.{column.name}"],
        )


_KEPT = re.compile(r"\b(?:IMMUTABLE|STABLE)\b", re.IGNORECASE)


def _is_declared_otherwise(function: str, at: Place) -> bool:
    """Whether this revision makes the function, and not a volatile one."""
    return any(
        isinstance(s, CodeStatement)
        and s.kind == "function"
        and s.name.rpartition(".")[2].lower() == function
        and _KEPT.search(s.origin.text.replace(s.body, "") if s.body else s.origin.text)
        for s in at.earlier
    )
