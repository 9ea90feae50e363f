"""GRD324: an inline REFERENCES, which MySQL ignores."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AddColumn, CreateTable
from . import Rule, rule


@rule
class MysqlInlineReferences(Rule):
    """An inline REFERENCES, which MySQL ignores.

    What it does
    ------------
    Finds ``column int REFERENCES table (id)`` in SQL text.

    Why it matters
    --------------
    MySQL before 9.0 parses and ignores it: there is no foreign key, and nothing says so.

    Instead
    -------
    ``FOREIGN KEY (column) REFERENCES table (id)``.

    References
    ----------
    https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html
    """

    code = "GRD324"
    name = "mysql-inline-references"
    hazard = "F24"
    severity = "error"
    on = (
        AddColumn,
        CreateTable,
    )
    dialects = ("mysql",)
    bad = ('op.execute("ALTER TABLE orders ADD COLUMN depot_id int REFERENCES depots (id)")',)
    good = (
        'op.create_table("bins", sa.Column("depot_id", sa.Integer(), sa.ForeignKey("depots.id")))',
    )

    def check(self, statement: AddColumn | CreateTable, at: Place) -> Iterator[Finding]:
        if statement.via != "sql" or at.version >= (9,):
            return
        columns = statement.columns if isinstance(statement, CreateTable) else (statement.column,)
        for column in columns:
            if column.foreign is not None:
                target = column.foreign.ref_table
                yield self.finding(
                    at,
                    statement,
                    f"MySQL ignores this REFERENCES: {statement.table}.{column.name} gets no foreign key to {target}.",
                    f"Add it as a clause of its own: FOREIGN KEY ({column.name}) REFERENCES {target} (...).",
                    objects=[f"{statement.table}.{column.name}"],
                )
