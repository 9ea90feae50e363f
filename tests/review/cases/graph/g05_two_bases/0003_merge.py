# dialect: graph
"""together again

Revision ID: gb0003
Revises: ("gb0001", "gb0002")
Create Date: 2026-03-17 09:23:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "gb0003"
down_revision = ("gb0001", "gb0002")
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
