"""GRD605: irreversible data migration."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.kinds import is_write
from ..place import Place
from ..revision import Revision
from . import Example, Rule, rule


@rule
class IrreversibleDataMigration(Rule):
    """A data change has no way back.

    What it does
    ------------
    Finds data changes in upgrade() while downgrade() is empty.

    Why it matters
    --------------
    After a downgrade the old code runs on the new data.

    Instead
    -------
    Restore the data, or raise with the reason why that is not possible.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/tutorial.html#downgrading
    """

    code = "GRD605"
    name = "irreversible-data-migration"
    hazard = "V05"
    severity = "note"
    opinion = True
    bad = (
        Example(
            """op.execute("UPDATE orders SET coupon = NULL WHERE coupon = 'x'")""", down="pass"
        ),
    )
    good = (
        """
        op.execute("UPDATE orders SET coupon = NULL WHERE coupon = 'x'")
        """,
    )

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        shape = revision.downgrade_shape
        changes = [s for s in revision.upgrade if is_write(s)]
        if shape is not None and shape.empty and changes:
            yield self.finding(
                at,
                changes[0],
                "This change of data has no way back: downgrade() does nothing about it.",
                'Restore the data, or raise NotImplementedError("why").',
            )
