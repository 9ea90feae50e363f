"""The table that op.create_table gives is asked for its name.

Revision ID: probe_named
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "probe_named"
down_revision = None


def upgrade() -> None:
    levels = op.create_table(
        "levels",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("label", sa.String(40), nullable=False),
    )
    op.bulk_insert(levels, [{"id": 1, "label": "bronze"}, {"id": 2, "label": "silver"}])
    op.create_index("ix_levels_label", levels.name, ["label"])


def downgrade() -> None:
    op.drop_table("levels")
