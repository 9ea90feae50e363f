# dialect: postgresql
"""one product per sku

Revision ID: e415ef7732fd
Revises: 0aea709ff084
Create Date: 2026-03-02 09:38:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "e415ef7732fd"
down_revision = "0aea709ff084"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_unique_constraint("uq_products_sku", "products", ["sku"])  # expect: L07


def downgrade() -> None:
    op.drop_constraint("uq_products_sku", "products", type_="unique")
