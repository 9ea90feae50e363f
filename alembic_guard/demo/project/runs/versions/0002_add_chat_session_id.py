"""Add crucible_runs.chat_session_id.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("crucible_runs", sa.Column("chat_session_id", sa.String(40), nullable=True))


def downgrade() -> None:
    op.drop_column("crucible_runs", "chat_session_id")
