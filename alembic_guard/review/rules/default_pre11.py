"""GRD209: ADD COLUMN with a default before PostgreSQL 11."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AddColumn
from . import Example, Rule, rule


@rule
class DefaultPre11(Rule):
    """ADD COLUMN with a default before PostgreSQL 11.

    What it does
    ------------
    Finds new columns with a default when the server is older than 11.

    Why it matters
    --------------
    Such a server writes the default into every row: the table is rewritten under ACCESS
    EXCLUSIVE.

    Instead
    -------
    Add the column without a default, set the default, fill the old rows in batches.

    References
    ----------
    https://www.postgresql.org/docs/11/release-11.html
    """

    code = "GRD209"
    name = "default-pre11"
    hazard = "R09"
    severity = "error"
    dialects = ("postgresql",)
    on = (AddColumn,)
    bad = (
        Example(
            'op.add_column("users", sa.Column("active", sa.Boolean(), server_default="t"))',
            version="10",
        ),
    )
    good = (
        Example(
            'op.add_column("users", sa.Column("active", sa.Boolean(), server_default="t"))',
            version="11",
        ),
    )

    def check(self, statement: AddColumn, at: Place) -> Iterator[Finding]:
        column, table = statement.column, statement.table
        if column.default is None or at.is_new(table) or at.is_able("constant_default_is_metadata"):
            return
        yield self.finding(
            at,
            statement,
            f"PostgreSQL {'.'.join(map(str, at.version))} writes the default of {column.name} into every row: "
            f"{table} is rewritten while all its reads and writes wait.",
            f"Add {column.name} without a default, set the default for new rows, and fill the old ones in batches.",
            objects=[f"{table}.{column.name}"],
        )
