# dialect: postgresql
# setup: ALTER TABLE customers ADD CONSTRAINT email_given CHECK (email IS NOT NULL)
"""customers have an email: the last step

Revision ID: a42d9b6cfb5b
Revises: 5702786eb564
Create Date: 2026-05-12 10:04:31.207113
"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "a42d9b6cfb5b"
down_revision = "5702786eb564"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("customers", "email", existing_type=sa.String(120), nullable=False)
    op.drop_constraint("email_given", "customers", type_="check")


def downgrade() -> None:
    op.create_check_constraint(
        "email_given", "customers", "email IS NOT NULL", postgresql_not_valid=True
    )
    op.alter_column("customers", "email", existing_type=sa.String(120), nullable=True)
