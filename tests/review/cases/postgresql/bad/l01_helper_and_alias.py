# dialect: postgresql
"""indexes through a helper

Revision ID: f33677c0ca99
Revises: 167ae3ba9515
Create Date: 2026-03-22 09:03:11.204518
"""

import sqlalchemy as sa
from alembic import op as alembic_op

# revision identifiers, used by Alembic.
revision = "f33677c0ca99"
down_revision = "167ae3ba9515"
branch_labels = None
depends_on = None


def _index(table, *columns):
    name = "ix_%s_%s" % (table, "_".join(columns))
    alembic_op.create_index(name, table, list(columns))  # expect: L01


def upgrade():
    _index("orders", "customer_id", "placed_at")


def downgrade():
    alembic_op.drop_index("ix_orders_customer_id_placed_at", "orders")
