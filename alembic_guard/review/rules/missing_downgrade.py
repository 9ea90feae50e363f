"""GRD601: missing downgrade."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.kinds import schema_changes
from ..place import Place
from ..revision import Revision
from . import Example, Rule, rule


@rule
class MissingDowngrade(Rule):
    """There is no way back.

    What it does
    ------------
    Finds a downgrade() that is absent or empty while upgrade() changes the schema.

    Why it matters
    --------------
    `alembic downgrade` then reports success and leaves the schema as it was: the next upgrade fails
    on objects that are already there.

    Instead
    -------
    Write the reverse, or raise with the reason why there is none.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/tutorial.html#downgrading
    """

    code = "GRD601"
    name = "missing-downgrade"
    hazard = "V01"
    severity = "warning"
    bad = (
        Example(
            """op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True))""",
            down="pass",
        ),
    )
    good = (
        Example(
            """op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True))""",
            down="""op.drop_table("tags")""",
        ),
        'op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True))',
    )

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        shape = revision.downgrade_shape
        if revision.is_merge or (shape is not None and not shape.empty):
            return
        changes = schema_changes(revision.upgrade)
        if not changes:
            return
        upgrade = revision.upgrade_shape
        line = shape.line if shape is not None else (upgrade.line if upgrade is not None else 1)
        word = "does nothing" if shape is not None else "is missing"
        yield self.finding(
            at,
            line,
            f"downgrade() {word}, but upgrade() makes {len(changes)} change(s) to the schema: after a "
            "downgrade the next upgrade finds its objects already there.",
            """
            Write the reverse of each operation, last one first, or say why there is none:

                def downgrade():
                    raise NotImplementedError("the old values are gone")
            """,
        )
