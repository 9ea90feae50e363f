# dialect: postgresql
"""not valid, then validate, too early

Revision ID: 6666e700204c
Revises: 7e88b19a2fce
Create Date: 2026-03-10 09:43:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "6666e700204c"
down_revision = "7e88b19a2fce"
branch_labels = None
depends_on = None


def upgrade():
    op.create_foreign_key(
        "fk_orders_customer",
        "orders",
        "customers",
        ["customer_id"],
        ["id"],
        postgresql_not_valid=True,
    )
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT fk_orders_customer")  # expect: L11


def downgrade():
    op.drop_constraint("fk_orders_customer", "orders", type_="foreignkey")
