"""GRD601: missing downgrade."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..knowledge.kinds import schema_changes
from ..place import Place
from ..revision import Revision
from ..specs import UNSET
from . import Example, Rule, rule

_CREATED = """
revision = "aaaa1"
down_revision = None

def upgrade():
    op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text, nullable=False))

def downgrade():
    op.drop_table("tags")
"""
_TOLD_AGAIN = """
revision = "bbbb1"
down_revision = "aaaa1"

def upgrade():
    op.alter_column("tags", "name", existing_type=sa.Text(), nullable=False)

def downgrade():
    pass
"""


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
        Example(
            'op.add_column("orders", sa.Column("lane", sa.Text))', down='print("nothing to do")'
        ),
    )
    good = (
        Example(
            """op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True))""",
            down="""op.drop_table("tags")""",
        ),
        Example((_CREATED, _TOLD_AGAIN)),
        'op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True))',
    )

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        shape = revision.downgrade_shape
        if revision.is_merge or (shape is not None and not shape.empty):
            return
        changes = [s for s in schema_changes(revision.upgrade) if not _changes_nothing(s, at)]
        if not changes:
            return
        upgrade = revision.upgrade_shape
        line = shape.line if shape is not None else (upgrade.line if upgrade is not None else 1)
        word = "does nothing" if shape is not None else "is missing"
        yield self.finding(
            at,
            line,
            f"downgrade() {word}, but upgrade() makes {len(changes)} change(s) to the schema: Alembic then "
            "notes the older revision while the database stays as the newer one left it.",
            """
            Write the reverse of each operation, last one first, or say why there is none:

                def downgrade():
                    raise NotImplementedError("the old values are gone")
            """,
        )


def _changes_nothing(statement: st.Statement, at: Place) -> bool:
    """Whether a column is only told again what the chain says it is."""
    if not isinstance(statement, st.AlterColumn):
        return False
    known = at.before.column(statement.table, statement.column)
    if known is None or statement.server_default is not UNSET or statement.comment is not UNSET:
        return False
    if statement.drop or statement.identity or statement.autoincrement:
        return False
    same_type = statement.type is None or str(statement.type) == str(known.type)
    return same_type and statement.nullable in (None, known.nullable)
