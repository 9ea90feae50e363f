# dialect: postgresql
"""email is set, for new rows

Revision ID: nn0001
Revises: 
Create Date: 2026-03-24 09:06:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "nn0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_check_constraint(
        "ck_customers_email_not_null", "customers", "email IS NOT NULL", postgresql_not_valid=True
    )


def downgrade() -> None:
    op.drop_constraint("ck_customers_email_not_null", "customers", type_="check")
