"""GRD323: A step outside the transaction that cannot be run twice."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import CreateIndex, DropIndex
from . import Rule, rule


@rule
class NotIdempotent(Rule):
    """A step outside the transaction that cannot be run twice.

    What it does
    ------------
    Finds statements in ``autocommit_block()`` without IF [NOT] EXISTS.

    Why it matters
    --------------
    When a later step fails the revision is run again, and this line fails because its work is
    done.

    Instead
    -------
    ``if_not_exists=True`` or ``if_exists=True``.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/ops.html#alembic.operations.Operations.create_index
    """

    code = "GRD323"
    name = "not-idempotent"
    hazard = "F23"
    severity = "note"
    dialects = ("postgresql",)
    on = (
        CreateIndex,
        DropIndex,
    )
    opinion = True
    bad = (
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_a", "orders", ["a"], postgresql_concurrently=True)
        """,
    )
    good = (
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_a", "orders", ["a"], postgresql_concurrently=True, if_not_exists=True)
        """,
    )

    def check(self, statement: CreateIndex | DropIndex, at: Place) -> Iterator[Finding]:
        creates = isinstance(statement, CreateIndex)
        repeatable = (
            statement.if_not_exists if isinstance(statement, CreateIndex) else statement.if_exists
        )
        if not statement.context.autocommit or repeatable:
            return
        yield self.finding(
            at,
            statement,
            f"This line fails when the revision has to be run again after a later failure: {statement.name} "
            f"{'exists' if creates else 'is gone'} by then.",
            f"Add {'if_not_exists=True' if creates else 'if_exists=True'}.",
            objects=[statement.name or ""],
        )
