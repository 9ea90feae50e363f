"""GRD936: A new enum type."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AlterType, CreateTable, CreateType
from . import Rule, rule


@rule
class EnumDiscouraged(Rule):
    """A new enum type.

    What it does
    ------------
    Finds enum types and values added without a position.

    Why it matters
    --------------
    Values cannot be removed and not be reordered; a lookup table can.

    Instead
    -------
    A lookup table, or text with a CHECK.

    References
    ----------
    https://www.postgresql.org/docs/current/datatype-enum.html
    """

    code = "GRD936"
    name = "enum-discouraged"
    hazard = "P06"
    severity = "note"
    dialects = ("postgresql",)
    on = (
        CreateType,
        AlterType,
        CreateTable,
    )
    opinion = True
    bad = ("op.execute(\"CREATE TYPE mood AS ENUM ('ok', 'bad')\")",)
    good = ('op.create_table("moods", sa.Column("name", sa.Text(), primary_key=True))',)

    def check(
        self, statement: CreateType | AlterType | CreateTable, at: Place
    ) -> Iterator[Finding]:
        if isinstance(statement, CreateTable):
            names = [
                c.type.enum_name or c.name
                for c in statement.columns
                if c.type and c.type.name == "enum"
            ]
        elif isinstance(statement, AlterType):
            names = (
                [statement.name]
                if statement.action == "add_value" and not statement.position
                else []
            )
        else:
            names = [statement.name] if statement.kind == "enum" else []
        for name in names:
            yield self.finding(
                at,
                statement,
                f"Values of {name} can never be removed or reordered.",
                "Consider a lookup table; give new values a place with BEFORE or AFTER.",
                objects=[name],
            )
