# dialect: postgresql
"""clients

Revision ID: 481a6e424040
Revises: 26b1439214f9
Create Date: 2026-03-25 09:42:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "481a6e424040"
down_revision = "26b1439214f9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.rename_table("customers", "clients")  # expect: C02


def downgrade() -> None:
    op.rename_table("clients", "customers")
