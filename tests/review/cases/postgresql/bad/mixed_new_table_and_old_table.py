# dialect: postgresql
"""one is new, one is not

Revision ID: 4701734e7209
Revises: ca1a2717348e
Create Date: 2026-03-26 09:09:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "4701734e7209"
down_revision = "ca1a2717348e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "carriers",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(40), nullable=False),
    )
    op.create_index("ix_carriers_name", "carriers", ["name"])
    op.create_index("ix_products_title", "products", ["title"])  # expect: L01


def downgrade() -> None:
    op.drop_index("ix_products_title", "products")
    op.drop_index("ix_carriers_name", "carriers")
    op.drop_table("carriers")
