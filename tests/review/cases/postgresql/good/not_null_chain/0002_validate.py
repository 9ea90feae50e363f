# dialect: postgresql
"""email is set, for all rows

Revision ID: nn0002
Revises: nn0001
Create Date: 2026-03-23 09:06:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "nn0002"
down_revision = "nn0001"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE customers VALIDATE CONSTRAINT ck_customers_email_not_null")


def downgrade():
    pass
