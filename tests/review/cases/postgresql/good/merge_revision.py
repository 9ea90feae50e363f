# dialect: postgresql
"""merge heads

Revision ID: 1c8c984205ac
Revises: ("aa11", "bb22")
Create Date: 2026-03-24 09:19:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "1c8c984205ac"
down_revision = ("aa11", "bb22")
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
