# dialect: postgresql
"""unique in two steps

Revision ID: 93aa88ad942c
Revises: e6fbeee3e2b8
Create Date: 2026-03-21 09:46:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "93aa88ad942c"
down_revision = "e6fbeee3e2b8"
branch_labels = None
depends_on = None


def upgrade():
    with op.get_context().autocommit_block():
        op.create_index(
            "uq_products_sku", "products", ["sku"], unique=True, postgresql_concurrently=True
        )
    op.execute("ALTER TABLE products ADD CONSTRAINT uq_products_sku UNIQUE USING INDEX uq_products_sku")


def downgrade():
    op.drop_constraint("uq_products_sku", "products", type_="unique")
