# dialect: mysql
"""email required

Revision ID: 73e96a356cc1
Revises: 8d890e308c66
Create Date: 2026-03-05 09:37:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "73e96a356cc1"
down_revision = "8d890e308c66"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("customers", "email", existing_type=sa.String(120), nullable=False)  # expect: L28|L10


def downgrade() -> None:
    op.alter_column("customers", "email", existing_type=sa.String(120), nullable=True)
