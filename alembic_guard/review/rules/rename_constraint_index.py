"""GRD416: A renamed constraint or index."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import RenameConstraint, RenameIndex
from . import Rule, rule


@rule
class RenameConstraintIndex(Rule):
    """A renamed constraint or index.

    What it does
    ------------
    Finds renamed constraints and indexes.

    Why it matters
    --------------
    ``ON CONFLICT ON CONSTRAINT``, index hints and error handling by constraint name still use the
    old name.

    Instead
    -------
    Keep the name, or release code that does not depend on it first.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT
    """

    code = "GRD416"
    name = "rename-constraint-index"
    hazard = "C16"
    severity = "note"
    on = (
        RenameConstraint,
        RenameIndex,
    )
    opinion = True
    bad = ('op.execute("ALTER TABLE users RENAME CONSTRAINT uq_a TO uq_b")',)
    good = ('op.execute("SELECT 1")',)

    def check(self, statement: RenameConstraint | RenameIndex, at: Place) -> Iterator[Finding]:
        if at.is_new(at.table_of(statement)):
            return
        yield self.finding(
            at,
            statement,
            f"Code that names {statement.name}, in ON CONFLICT ON CONSTRAINT or an error handler, does not find it.",
            f"Search the code for {statement.name}, and release what does not need it first.",
            objects=[statement.name, statement.new],
        )
