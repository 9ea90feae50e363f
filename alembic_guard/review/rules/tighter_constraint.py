"""GRD412: A new constraint rejects what running code writes."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AddConstraint
from . import Rule, rule


@rule
class TighterConstraint(Rule):
    """A new constraint rejects what running code writes.

    What it does
    ------------
    Finds unique, check and foreign key constraints added to existing tables, NOT VALID ones too.

    Why it matters
    --------------
    NOT VALID spares old rows, not old code: a write that breaks the constraint fails from here
    on.

    Instead
    -------
    Release code that respects it first.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html
    """

    code = "GRD412"
    name = "tighter-constraint"
    hazard = "C12"
    severity = "note"
    on = (AddConstraint,)
    opinion = True
    bad = (
        'op.create_check_constraint("ck_total", "orders", "total >= 0", postgresql_not_valid=True)',
    )
    good = (
        """
        op.create_table("orders", sa.Column("total", sa.Integer()))
        op.create_check_constraint("ck_total", "orders", "total >= 0")
        """,
    )

    def check(self, statement: AddConstraint, at: Place) -> Iterator[Finding]:
        spec = statement.constraint
        if at.is_new(statement.table) or spec.using_index or spec.kind == "primary":
            return
        yield self.finding(
            at,
            statement,
            f"Running code whose writes to {statement.table} break {spec.name or 'this constraint'} fails from here on.",
            "Release code that respects it first.",
            objects=[statement.table, spec.name or ""],
        )
