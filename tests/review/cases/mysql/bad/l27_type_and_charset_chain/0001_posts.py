"""Posts with a text.

Revision ID: probe_posts
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "probe_posts"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("body", sa.Text(), nullable=True),
    )


def downgrade() -> None:
    op.drop_table("posts")
