"""A longer text in another character set is copied once, and said once.

Revision ID: probe_l27
Revises: probe_posts
"""

from alembic import op

revision = "probe_l27"
down_revision = "probe_posts"


def upgrade() -> None:
    op.execute("ALTER TABLE posts MODIFY body LONGTEXT CHARACTER SET utf8mb4")  # expect: L27


def downgrade() -> None:
    raise NotImplementedError("longer texts do not fit any more")
