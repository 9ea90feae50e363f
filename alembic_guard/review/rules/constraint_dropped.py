"""GRD944: A constraint removed."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..statements import DropConstraint
from . import Rule, rule


@rule
class ConstraintDropped(Rule):
    """A constraint removed.

    What it does
    ------------
    Finds dropped foreign keys, checks and unique constraints that the revision does not replace.

    Why it matters
    --------------
    What it kept out may come in from now on, and cannot be thrown out again easily.

    Instead
    -------
    Confirm that the application keeps the promise instead.

    References
    ----------
    https://www.postgresql.org/docs/current/ddl-alter.html#DDL-ALTER-REMOVING-A-CONSTRAINT
    """

    code = "GRD944"
    name = "constraint-dropped"
    hazard = "P14"
    severity = "note"
    on = (DropConstraint,)
    opinion = True
    bad = ('op.drop_constraint("ck_orders_total", "orders", type_="check")',)
    good = (
        """
        op.execute("ALTER TABLE orders ADD CONSTRAINT ck_total CHECK (total > 0) NOT VALID")
        op.drop_constraint("ck_orders_total", "orders", type_="check")
        """,
    )

    def check(self, statement: DropConstraint, at: Place) -> Iterator[Finding]:
        if at.is_new(statement.table) or statement.kind == "primary" or statement.name is None:
            return
        if any(self._replaces(other, statement.table) for other in (*at.earlier, *at.later)):
            return
        yield self.finding(
            at,
            statement,
            f"What {statement.name} kept out of {statement.table} may come in from now on.",
            "Confirm that the application keeps the promise instead.",
            objects=[statement.table, statement.name],
        )

    def _replaces(self, other: st.Statement, table: str) -> bool:
        if getattr(other, "table", None) != table:
            return False
        tightens = isinstance(other, st.AlterColumn) and other.nullable is False
        return tightens or isinstance(other, (st.AddConstraint, st.DropColumn))
