"""GRD204: A stored generated column on an existing table."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AddColumn
from . import Example, Rule, rule


@rule
class GeneratedStoredRewrite(Rule):
    """A stored generated column on an existing table.

    What it does
    ------------
    Finds ADD COLUMN ... GENERATED ALWAYS AS (...) STORED.

    Why it matters
    --------------
    The value is computed for every row, so the table is rewritten while all access waits.

    Instead
    -------
    A plain column with a trigger and a batched backfill; a virtual column on MySQL and PostgreSQL
    18; or compute it in a view.

    References
    ----------
    https://www.postgresql.org/docs/current/ddl-generated-columns.html
    """

    code = "GRD204"
    name = "generated-stored-rewrite"
    hazard = "R04"
    severity = "error"
    dialects = ("postgresql", "mysql", "mariadb")
    on = (AddColumn,)
    bad = (
        'op.add_column("items", sa.Column("gross", sa.Numeric(), sa.Computed("net * 1.19", persisted=True)))',
        Example(
            'op.add_column("items", sa.Column("gross", sa.Numeric(), sa.Computed("net * 1.19", persisted=True)))',
            "mysql",
        ),
    )
    good = (
        Example(
            'op.add_column("items", sa.Column("gross", sa.Numeric(), sa.Computed("net * 1.19", persisted=False)))',
            "mysql",
        ),
        'op.create_table("items", sa.Column("net", sa.Numeric()), sa.Column("gross", sa.Numeric(), sa.Computed("net * 2")))',
    )

    def check(self, statement: AddColumn, at: Place) -> Iterator[Finding]:
        column, table = statement.column, statement.table
        if column.generated != "stored" or at.is_new(table):
            return
        virtual = (
            "Make it virtual (persisted=False), which is instant"
            if at.is_able("virtual_generated")
            else f"Add a plain column, keep it current with a trigger, and fill {table} in batches"
        )
        yield self.finding(
            at,
            statement,
            f"The stored generated column {column.name} is computed for every row: {table} is rewritten "
            "while all its reads and writes wait.",
            f"{virtual}; or compute it in a view.",
            objects=[f"{table}.{column.name}"],
        )
