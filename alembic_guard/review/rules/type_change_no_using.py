"""GRD308: A type change for which no cast exists and no USING is given."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.conversions import has_cast
from ..place import Place
from ..statements import AlterColumn
from . import Rule, rule


@rule
class TypeChangeNoUsing(Rule):
    """A type change for which no cast exists and no USING is given.

    What it does
    ------------
    Finds changes such as text to integer without ``postgresql_using``.

    Why it matters
    --------------
    PostgreSQL refuses it: 'column "x" cannot be cast automatically'. The deployment fails.

    Instead
    -------
    ``postgresql_using="column::integer"``, or better a second column.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DATA-TYPE
    """

    code = "GRD308"
    name = "type-change-no-using"
    hazard = "F08"
    severity = "error"
    dialects = ("postgresql",)
    supersedes = ("GRD201",)
    on = (AlterColumn,)
    bad = ('op.alter_column("items", "weight", existing_type=sa.Text(), type_=sa.Integer())',)
    good = (
        """
        op.create_table("items", sa.Column("weight", sa.Text()))
        op.alter_column(
            "items", "weight", existing_type=sa.Text(), type_=sa.Integer(), postgresql_using="weight::integer"
        )
        """,
    )

    def check(self, statement: AlterColumn, at: Place) -> Iterator[Finding]:
        new, old = statement.type, at.old_type(statement)
        if new is None or statement.using is not None or has_cast(old, new):
            return
        table, column = statement.table, statement.column
        cast = new.enum_name or str(new)
        text = "::text" if old is not None and old.name == "enum" else ""
        yield self.finding(
            at,
            statement,
            f"PostgreSQL has no automatic cast from {old} to {new}: changing {table}.{column} fails.",
            f"""
            Say how to convert:

                postgresql_using="{column}{text}::{cast}"
            """,
            objects=[f"{table}.{column}"],
        )
