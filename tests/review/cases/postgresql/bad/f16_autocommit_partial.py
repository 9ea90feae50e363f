# dialect: postgresql
"""half of it cannot be repeated

Revision ID: 8d956bc11f9e
Revises: 8653b39f0ffa
Create Date: 2026-03-12 09:33:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "8d956bc11f9e"
down_revision = "8653b39f0ffa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("warehouse", sa.String(20), nullable=True))
    with op.get_context().autocommit_block():
        op.create_index(  # expect: F16
            "ix_orders_warehouse",
            "orders",
            ["warehouse"],
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_orders_warehouse", "orders", postgresql_concurrently=True)
    op.drop_column("orders", "warehouse")
