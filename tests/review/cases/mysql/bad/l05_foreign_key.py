# dialect: mysql
"""reference

Revision ID: 9b3cf89faf58
Revises: d67b71b42ce7
Create Date: 2026-03-10 09:25:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "9b3cf89faf58"
down_revision = "d67b71b42ce7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_foreign_key("fk_orders_customer", "orders", "customers", ["customer_id"], ["id"])  # expect: L05|L27


def downgrade() -> None:
    op.drop_constraint("fk_orders_customer", "orders", type_="foreignkey")
