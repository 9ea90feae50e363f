"""GRD943: columns in an order that pads every row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...facts import Finding
from ..place import Place
from ..specs import ColumnSpec
from ..statements import CreateTable
from . import Rule, rule

_SIZES = {
    "bigint": 8, "bigserial": 8, "timestamp": 8, "timestamptz": 8, "double": 8, "time": 8, "money": 8,
    "integer": 4, "serial": 4, "date": 4, "real": 4, "oid": 4,
    "smallint": 2, "smallserial": 2, "boolean": 1,
}  # fmt: skip


@rule
class ColumnAlignment(Rule):
    """Columns in an order that pads every row.

    What it does
    ------------
    Finds new tables whose columns of fixed size would need eight bytes a row less in another order.

    Why it matters
    --------------
    PostgreSQL stores columns in the order of CREATE TABLE and starts each on a multiple of its
    alignment: a boolean before a bigint costs seven bytes in every row.

    Instead
    -------
    Wide columns first: 8 bytes, then 4, 2 and 1, then text.

    References
    ----------
    https://www.postgresql.org/docs/current/storage-page-layout.html
    """

    code = "GRD943"
    name = "column-alignment"
    hazard = "P13"
    severity = "note"
    dialects = ("postgresql",)
    on = (CreateTable,)
    opinion = True
    THRESHOLD = 8
    bad = (
        """
        op.create_table(
            "events",
            sa.Column("seen", sa.Boolean(), nullable=False),
            sa.Column("id", sa.BigInteger(), primary_key=True),
            sa.Column("kind", sa.SmallInteger(), nullable=False),
            sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        )
        """,
    )
    good = (
        """
        op.create_table(
            "events",
            sa.Column("id", sa.BigInteger(), primary_key=True),
            sa.Column("at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("kind", sa.SmallInteger(), nullable=False),
            sa.Column("seen", sa.Boolean(), nullable=False),
        )
        """,
    )

    def check(self, statement: CreateTable, at: Place) -> Iterator[Finding]:
        fixed = [column for column in statement.columns if _size(column)]
        best = sorted(fixed, key=lambda column: -_size(column))
        wasted = _length(fixed) - _length(best)
        if wasted >= self.THRESHOLD:
            names = ", ".join(column.name for column in best)
            yield self.finding(
                at,
                statement,
                f"The order of its columns pads each row of {statement.table} by {wasted} bytes.",
                f"Begin with {names}; columns of varying size go last.",
                objects=[statement.table],
            )


def _size(column: ColumnSpec) -> int:
    """Bytes of a type of fixed size, which is its alignment as well; 0 for all others."""
    return (
        _SIZES.get(column.type.name, 0) if column.type is not None and not column.type.array else 0
    )


def _length(columns: Sequence[ColumnSpec]) -> int:
    """Bytes that columns of fixed size take one after another, up to the next row."""
    length = 0
    for column in columns:
        size = _size(column)
        length += -length % size + size
    return length + -length % 8
