"""GRD945: A constraint that nothing ever validates."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..effects import constraint_name
from ..history import History
from . import Example, Rule, rule


@rule
class NotValidForever(Rule):
    """A constraint that nothing ever validates.

    What it does
    ------------
    Finds NOT VALID constraints that no later revision validates.

    Why it matters
    --------------
    Old rows may break it for ever, and the planner cannot use it.

    Instead
    -------
    VALIDATE CONSTRAINT in the next revision.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
    """

    code = "GRD945"
    name = "not-valid-forever"
    hazard = "P15"
    severity = "note"
    dialects = ("postgresql",)
    opinion = True
    bad = (
        'op.create_check_constraint("ck_total", "orders", "total >= 0", postgresql_not_valid=True)',
    )
    good = (
        Example(
            (
                'op.create_check_constraint("ck_total", "orders", "total >= 0", postgresql_not_valid=True)',
                'op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_total")',
            )
        ),
    )

    def check_history(self, history: History) -> Iterator[Finding]:
        ended: set[tuple[str, str]] = set()
        for revision in history.order:
            for statement in revision.upgrade:
                if isinstance(statement, (st.ValidateConstraint, st.DropConstraint)):
                    ended.add((statement.table, statement.name or ""))
        for revision in history.order:
            for statement in revision.upgrade:
                if isinstance(statement, st.AddConstraint) and statement.constraint.not_valid:
                    name = constraint_name(statement.table, statement.constraint)
                    if (statement.table, name) not in ended:
                        yield self.finding(
                            revision,
                            statement,
                            f"Nothing validates {name}: old rows of {statement.table} may break it for ever.",
                            f'op.execute("ALTER TABLE {statement.table} VALIDATE CONSTRAINT {name}") in the next revision.',
                            objects=[statement.table, name],
                        )
