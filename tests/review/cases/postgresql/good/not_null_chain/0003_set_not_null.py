# dialect: postgresql
"""email is NOT NULL

Revision ID: nn0003
Revises: nn0002
Create Date: 2026-03-15 09:55:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "nn0003"
down_revision = "nn0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("customers", "email", existing_type=sa.String(120), nullable=False)
    op.drop_constraint("ck_customers_email_not_null", "customers", type_="check")


def downgrade() -> None:
    op.create_check_constraint("ck_customers_email_not_null", "customers", "email IS NOT NULL")
    op.alter_column("customers", "email", existing_type=sa.String(120), nullable=True)
