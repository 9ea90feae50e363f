# dialect: postgresql
"""batch on a server database

Revision ID: 6c57648e6f69
Revises: 325b4bb7b948
Create Date: 2026-03-03 09:45:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "6c57648e6f69"
down_revision = "325b4bb7b948"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_orders_coupon"), ["coupon"], unique=False)  # expect: L01


def downgrade():
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_orders_coupon"))
