# dialect: postgresql
"""the reference, checked for new rows only

Revision ID: b6157cce4df2
Revises: 78b850e13749
Create Date: 2026-03-10 09:57:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "b6157cce4df2"
down_revision = "78b850e13749"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_foreign_key(
        "fk_orders_customer_id",
        "orders",
        "customers",
        ["customer_id"],
        ["id"],
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    op.drop_constraint("fk_orders_customer_id", "orders", type_="foreignkey")
