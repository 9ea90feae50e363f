"""GRD122: A domain constraint that scans every table using the domain."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AlterDomain
from . import Rule, rule


@rule
class DomainConstraintScan(Rule):
    """A domain constraint that scans every table using the domain.

    What it does
    ------------
    Finds ALTER DOMAIN ADD CONSTRAINT without NOT VALID, SET NOT NULL and VALIDATE in the same
    transaction.

    Why it matters
    --------------
    Every table with a column of the domain is locked against writes and read completely, however
    many there are.

    Instead
    -------
    Add it NOT VALID and validate it in a later revision.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-alterdomain.html
    """

    code = "GRD122"
    name = "domain-constraint-scan"
    hazard = "L22"
    severity = "error"
    dialects = ("postgresql",)
    on = (AlterDomain,)
    bad = (
        "op.execute(\"ALTER DOMAIN email ADD CONSTRAINT has_at CHECK (VALUE LIKE '%@%')\")",
        'op.execute("ALTER DOMAIN email SET NOT NULL")',
    )
    good = (
        "op.execute(\"ALTER DOMAIN email ADD CONSTRAINT has_at CHECK (VALUE LIKE '%@%') NOT VALID\")",
    )

    def check(self, statement: AlterDomain, at: Place) -> Iterator[Finding]:
        known = at.schema.types.get(statement.name)
        if known is not None and known.created_in == at.key:
            return
        spec = statement.constraint
        adds = statement.action == "add_constraint" and not (spec is not None and spec.not_valid)
        if not adds and statement.action != "set_not_null":
            return
        yield self.finding(
            at,
            statement,
            f"Every table with a column of type {statement.name} is locked and read completely to check "
            "the new constraint.",
            f"""
            Add it for new values now, and check the old ones in the next revision:

                op.execute("ALTER DOMAIN {statement.name} ADD CONSTRAINT name CHECK (...) NOT VALID")
                # next revision
                op.execute("ALTER DOMAIN {statement.name} VALIDATE CONSTRAINT name")
            """,
            objects=[statement.name],
        )
