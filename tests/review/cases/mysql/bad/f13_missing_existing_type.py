# dialect: mysql
"""longer

Revision ID: c57b43e5553c
Revises: faada15c1429
Create Date: 2026-03-09 09:12:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "c57b43e5553c"
down_revision = "faada15c1429"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("customers", "name", nullable=True)  # expect: F13


def downgrade() -> None:
    op.alter_column("customers", "name", existing_type=sa.String(80), nullable=False)
