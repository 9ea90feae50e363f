"""GRD923: an index or constraint without a name, or with one that does not say what it is."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AddConstraint, CreateIndex
from . import Rule, rule


@rule
class NamingConvention(Rule):
    """An index or constraint without a name, or with one that does not say what it is.

    What it does
    ------------
    Finds unnamed constraints and names without the usual prefix (ix, uq, fk, ck, pk, ex).

    Why it matters
    --------------
    A name that the server makes up differs between databases and cannot be dropped by name.

    Instead
    -------
    ``MetaData(naming_convention=...)``.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/naming.html
    """

    code = "GRD923"
    name = "naming-convention"
    hazard = "K03"
    severity = "note"
    on = (
        CreateIndex,
        AddConstraint,
    )
    opinion = True
    bad = ('op.create_unique_constraint(None, "users", ["email"])',)
    good = (
        """
        op.create_table("users", sa.Column("email", sa.String(9)))
        op.create_unique_constraint("uq_users_email", "users", ["email"])
        """,
    )

    def check(self, statement: CreateIndex | AddConstraint, at: Place) -> Iterator[Finding]:
        name = statement.name if isinstance(statement, CreateIndex) else statement.constraint.name
        words = {
            "ix",
            "idx",
            "uq",
            "fk",
            "ck",
            "pk",
            "ex",
            "ft",
            "fkey",
            "key",
            "pkey",
            "unique",
            "check",
            "index",
        }
        if name is not None and words & set(name.lower().split("_")):
            return
        yield self.finding(
            at,
            statement,
            f"{name or 'An unnamed constraint'} on {statement.table} does not follow a naming convention.",
            "Set MetaData(naming_convention=...) and use its names.",
            objects=[statement.table],
        )
