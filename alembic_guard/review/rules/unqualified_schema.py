"""GRD924: A table created without a schema."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import CreateTable
from . import Rule, rule


@rule
class UnqualifiedSchema(Rule):
    """A table created without a schema.

    What it does
    ------------
    Finds CREATE TABLE that relies on the search_path.

    Why it matters
    --------------
    The table lands in whatever schema the migrating role finds first.

    Instead
    -------
    ``schema="public"``.

    References
    ----------
    https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATH
    """

    code = "GRD924"
    name = "unqualified-schema"
    hazard = "K04"
    severity = "note"
    dialects = ("postgresql",)
    on = (CreateTable,)
    opinion = True
    bad = ('op.create_table("users", sa.Column("id", sa.Integer, primary_key=True))',)
    good = (
        'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), schema="sales")',
    )

    def check(self, statement: CreateTable, at: Place) -> Iterator[Finding]:
        if (
            "." not in statement.table
            and not statement.temporary
            and "schema" not in statement.origin.text
        ):
            yield self.finding(
                at,
                statement,
                f"{statement.table} lands in the first schema of the migrating role's search_path.",
                'Say schema="..." explicitly.',
                objects=[statement.table],
            )
