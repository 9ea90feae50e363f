# dialect: postgresql
"""better name

Revision ID: 4bf06471de59
Revises: 2aa71c90bcaa
Create Date: 2026-03-15 09:15:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "4bf06471de59"
down_revision = "2aa71c90bcaa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("customers", "phone", new_column_name="phone_number")  # expect: C01


def downgrade() -> None:
    op.alter_column("customers", "phone_number", new_column_name="phone")
