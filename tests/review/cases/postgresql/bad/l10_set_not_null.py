# dialect: postgresql
"""every customer has an email

Revision ID: 77730a299827
Revises: 8263f55c11b1
Create Date: 2026-03-06 09:46:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "77730a299827"
down_revision = "8263f55c11b1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column(  # expect: L10
        "customers", "email", existing_type=sa.String(length=120), nullable=False
    )


def downgrade() -> None:
    op.alter_column("customers", "email", existing_type=sa.String(length=120), nullable=True)
