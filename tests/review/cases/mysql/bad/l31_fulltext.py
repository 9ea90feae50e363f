# dialect: mysql
"""search

Revision ID: 62f5294a10b8
Revises: 89d777966319
Create Date: 2026-03-17 09:34:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "62f5294a10b8"
down_revision = "89d777966319"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ft_products_title", "products", ["title"], mysql_prefix="FULLTEXT")  # expect: L31


def downgrade() -> None:
    op.drop_index("ft_products_title", table_name="products")
