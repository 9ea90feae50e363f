# dialect: graph
"""merge

Revision ID: gx0004
Revises: ("gx0002", "gx0003")
Create Date: 2026-03-16 09:31:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "gx0004"
down_revision = ("gx0002", "gx0003")
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
