# dialect: postgresql
"""check in two statements of one transaction

Revision ID: f55582dfe322
Revises: 568a7b63a16b
Create Date: 2026-03-27 09:34:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "f55582dfe322"
down_revision = "568a7b63a16b"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        """
        ALTER TABLE products ADD CONSTRAINT ck_products_price CHECK (price > 0) NOT VALID;
        ALTER TABLE products VALIDATE CONSTRAINT ck_products_price;  -- expect: L11
        """
    )


def downgrade():
    op.execute("ALTER TABLE products DROP CONSTRAINT ck_products_price")
