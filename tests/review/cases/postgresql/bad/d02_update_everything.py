# dialect: postgresql
"""fill scores

Revision ID: 2fcf532f3dea
Revises: c7525b31f7dc
Create Date: 2026-03-14 09:00:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "2fcf532f3dea"
down_revision = "c7525b31f7dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE customers SET score = 0")  # expect: D02


def downgrade() -> None:
    pass
