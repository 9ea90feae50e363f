"""GRD109: an EXCLUDE constraint on an existing table."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AddConstraint
from . import Rule, rule


@rule
class ExclusionConstraintLock(Rule):
    """An EXCLUDE constraint on an existing table.

    What it does
    ------------
    Finds exclusion constraints added to tables in use.

    Why it matters
    --------------
    The index is built and every pair of rows compared while ACCESS EXCLUSIVE is held. There is no
    NOT VALID and no USING INDEX for exclusion constraints, so no online way exists.

    Instead
    -------
    Create a new table with the constraint, copy in batches, and switch; or enforce it with a
    trigger until a maintenance window.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-EXCLUDE
    """

    code = "GRD109"
    name = "exclusion-constraint-lock"
    hazard = "L09"
    severity = "error"
    dialects = ("postgresql",)
    on = (AddConstraint,)
    bad = (
        'op.create_exclude_constraint("ex_bookings", "bookings", ("during", "&&"), using="gist")',
        'op.execute("ALTER TABLE bookings ADD CONSTRAINT ex_bookings EXCLUDE USING gist (during WITH &&)")',
    )
    good = (
        """
        op.execute(
            "CREATE TABLE bookings (id integer PRIMARY KEY, during tsrange, EXCLUDE USING gist (during WITH &&))"
        )
        """,
    )

    def check(self, statement: AddConstraint, at: Place) -> Iterator[Finding]:
        spec, table = statement.constraint, statement.table
        if spec.kind != "exclude" or at.is_new(table):
            return
        name = spec.name or "the exclusion constraint"
        yield self.finding(
            at,
            statement,
            f"{name} builds its index under ACCESS EXCLUSIVE: every read and write of {table} waits until "
            "all rows are compared, and PostgreSQL has no online way to add it.",
            f"Create a new table with the constraint, copy {table} in batches and switch names; or run "
            "this in a maintenance window.",
            objects=[table, name],
        )
