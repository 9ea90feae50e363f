"""GRD602: asymmetric downgrade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...facts import Finding
from ..place import Place
from ..revision import Revision
from ..symmetry import Thing, described, leftovers
from . import Example, Rule, rule


@rule
class AsymmetricDowngrade(Rule):
    """downgrade() does not undo everything.

    What it does
    ------------
    Plays upgrade() and downgrade() and finds what is left over, or is not brought back.

    Why it matters
    --------------
    The next `alembic upgrade` fails: it makes what is still there, or drops what is not.

    Instead
    -------
    Reverse every operation, last one first.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/tutorial.html#downgrading
    """

    code = "GRD602"
    name = "asymmetric-downgrade"
    hazard = "V02"
    severity = "warning"
    bad = (
        Example(
            """
            op.create_table("labels", sa.Column("id", sa.Integer, primary_key=True))
            op.add_column("orders", sa.Column("label", sa.Text))
            """,
            down="""op.drop_table("labels")""",
        ),
    )
    good = (
        Example(
            'op.execute("CREATE SCHEMA staging")\n'
            'op.create_table("rows", sa.Column("id", sa.Integer, primary_key=True), schema="staging")',
            down='op.execute("DROP SCHEMA staging CASCADE")',
        ),
        Example(
            """
            op.create_table("labels", sa.Column("id", sa.Integer, primary_key=True))
            op.add_column("orders", sa.Column("label", sa.Text))
            """,
            down="""
            op.drop_column("orders", "label")
            op.drop_table("labels")
            """,
        ),
    )

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        shape = revision.downgrade_shape
        if shape is None or shape.empty or shape.raises:
            return
        left, missing = leftovers(revision)
        parts = []
        if left:
            parts.append(f"leaves {described(left)} in place")
        if missing:
            parts.append(f"does not bring back {described(missing)}")
        if parts:
            yield self.finding(
                at,
                shape.line,
                f"downgrade() {' and '.join(parts)}: the next upgrade fails on it.",
                _instead(left),
                objects=[name or table for _, table, name in (*left, *missing)],
            )


_DROPS = {
    "table": 'op.drop_table("{table}")',
    "column": 'op.drop_column("{table}", "{name}")',
    "index": 'op.drop_index("{name}", table_name="{table}")',
    "function": 'op.execute("DROP FUNCTION {name}")',
    "constraint": 'op.drop_constraint("{name}", "{table}")',
}


def _instead(left: Sequence[Thing]) -> str:
    """The calls that take back what is left, as far as there are some."""
    calls = [
        "    " + _DROPS[kind].format(table=table, name=name)
        for kind, table, name in left
        if kind in _DROPS and "." not in table
    ]
    if not calls:
        return "Reverse every operation of upgrade(), last one first."
    return "\n".join(["Reverse every operation of upgrade(), last one first; here:", "", *calls])
