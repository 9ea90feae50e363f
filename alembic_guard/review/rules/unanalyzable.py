"""GRD901: unanalyzable."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from . import Rule, rule


@rule
class Unanalyzable(Rule):
    """A statement that nobody can know before it runs.

    What it does
    ------------
    Finds executed SQL and helper calls whose text depends on run-time values.

    Why it matters
    --------------
    Nothing can be said about its locks, its data or its way back.

    Instead
    -------
    Write the statement out, or split what is known from what is not.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/ops.html#alembic.operations.Operations.execute
    """

    code = "GRD901"
    name = "unanalyzable"
    hazard = "O01"
    severity = "note"
    on = (st.Opaque,)
    directions = ("upgrade", "downgrade")
    opinion = True
    bad = (
        """
        import os
        op.execute(os.linesep)
        """,
    )
    good = (
        """
        op.execute("COMMENT ON TABLE orders IS 'orders'")
        """,
    )

    def check(self, statement: st.Opaque, at: Place) -> Iterator[Finding]:
        yield self.finding(
            at,
            statement,
            f"What this does cannot be known before it runs ({statement.reason or statement.what}); it was "
            "not reviewed.",
            "Write the statement out.",
        )
