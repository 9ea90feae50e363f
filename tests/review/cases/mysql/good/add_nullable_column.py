# dialect: mysql
"""instant

Revision ID: f71284e84ead
Revises: 54a11938026d
Create Date: 2026-03-02 09:17:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "f71284e84ead"
down_revision = "54a11938026d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customers", sa.Column("nickname", sa.String(40), nullable=True))


def downgrade() -> None:
    op.drop_column("customers", "nickname")
