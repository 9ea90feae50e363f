"""GRD508: downgrade data loss."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from . import Example, Rule, rule


@rule
class DowngradeDataLoss(Rule):
    """The way back drops data written since.

    What it does
    ------------
    Finds columns and tables that downgrade() drops.

    Why it matters
    --------------
    What the application has written into them since the upgrade is gone.

    Instead
    -------
    Nothing, when that is understood; otherwise raise with the reason.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/tutorial.html#downgrading
    """

    code = "GRD508"
    name = "downgrade-data-loss"
    hazard = "D08"
    severity = "note"
    on = (
        st.DropColumn,
        st.DropTable,
    )
    directions = ("downgrade",)
    opinion = True
    bad = (
        Example(
            """op.add_column("orders", sa.Column("note", sa.Text))""",
            down="""op.drop_column("orders", "note")""",
        ),
    )
    good = ('op.add_column("orders", sa.Column("note", sa.Text))',)

    def check(self, statement: st.DropColumn | st.DropTable, at: Place) -> Iterator[Finding]:
        name = statement.table
        if isinstance(statement, st.DropColumn):
            name = f"{name}.{statement.column}"
        yield self.finding(
            at,
            statement,
            f"Going back drops {name} and everything written to it since.",
            objects=(name,),
        )
