"""GRD203: ADD COLUMN with an expression default on MySQL."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AddColumn
from . import Rule, rule

_LITERAL = re.compile(
    r"^\(?\s*(?:-?\d+(?:\.\d+)?|null|true|false|b?'[^']*'|\"[^\"]*\"|"
    r"(?:current_timestamp|now|localtime|localtimestamp)\s*(?:\(\d*\))?(?:\s+on\s+update\b.*)?)\s*\)?$",
    re.IGNORECASE,
)


@rule
class ExpressionDefaultMysql(Rule):
    """ADD COLUMN with an expression default on MySQL.

    What it does
    ------------
    Finds new columns whose default is an expression, such as ``(uuid())``.

    Why it matters
    --------------
    An expression default cannot be added instantly: the table is rebuilt, or copied with
    ALGORITHM=COPY, and a non-deterministic one is unsafe for statement-based replication.

    Instead
    -------
    Add the column with a literal default or none, and fill it in batches.

    References
    ----------
    https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html
    """

    code = "GRD203"
    name = "expression-default-mysql"
    hazard = "R03"
    dialects = ("mysql", "mariadb")
    on = (AddColumn,)
    bad = (
        'op.add_column("users", sa.Column("token", sa.String(36), server_default=sa.text("(uuid())")))',
    )
    good = (
        'op.add_column("users", sa.Column("active", sa.Boolean(), server_default=sa.text("1"), nullable=False))',
        'op.add_column("users", sa.Column("at", sa.DateTime(), server_default=sa.text("CURRENT_TIMESTAMP")))',
    )

    def check(self, statement: AddColumn, at: Place) -> Iterator[Finding]:
        column, table = statement.column, statement.table
        default = column.default
        if default is None or default.kind != "expression" or at.is_new(table):
            return
        if _LITERAL.match(default.text.strip()):
            return
        yield self.finding(
            at,
            statement,
            f"The default {default.text} of {table}.{column.name} is an expression: the column cannot be "
            f"added instantly, {table} is rebuilt and writes to it wait.",
            f"Add {column.name} without a default, fill it in batches, and set the default afterwards.",
            objects=[f"{table}.{column.name}"],
        )
