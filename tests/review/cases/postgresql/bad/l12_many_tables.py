# dialect: postgresql
"""a column in five tables at once

Revision ID: 3e697d9ec4d2
Revises: 139dd03a5084
Create Date: 2026-03-20 09:57:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "3e697d9ec4d2"
down_revision = "139dd03a5084"
branch_labels = None
depends_on = None


TABLES = ["customers", "orders", "invoices", "products", "bookings"]


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("tenant_id", sa.Integer(), nullable=True))  # expect: L12


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_column(table, "tenant_id")
