"""base

Revision ID: 4b1d6c0e77a1
Revises:
Create Date: 2026-02-03 09:00:00.000000
"""

# revision identifiers, used by Alembic.
revision = "4b1d6c0e77a1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
