# dialect: postgresql
# runs: no
"""concurrent, but not really

Revision ID: 1b5937de3df2
Revises: 795df35310bf
Create Date: 2026-03-22 09:12:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "1b5937de3df2"
down_revision = "795df35310bf"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(  # expect: F04
        "ix_orders_total", "orders", ["total"], postgresql_concurrently=True
    )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_orders_total", table_name="orders", postgresql_concurrently=True)
