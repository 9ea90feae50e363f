# dialect: postgresql
"""the reference, for all rows

Revision ID: fk0002
Revises: fk0001
Create Date: 2026-03-06 09:45:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "fk0002"
down_revision = "fk0001"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT fk_orders_customer")


def downgrade():
    pass
