# dialect: postgresql
"""start afresh

Revision ID: 3cec33cac6a8
Revises: 4f499894d21f
Create Date: 2026-03-19 09:00:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "3cec33cac6a8"
down_revision = "4f499894d21f"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("TRUNCATE events RESTART IDENTITY")  # expect: D01


def downgrade():
    raise NotImplementedError("the events are gone")
