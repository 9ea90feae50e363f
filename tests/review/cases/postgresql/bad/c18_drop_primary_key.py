# dialect: postgresql
"""the key goes

Revision ID: b19688fbf6f4
Revises: ce4d2ceb921d
Create Date: 2026-03-02 09:33:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "b19688fbf6f4"
down_revision = "ce4d2ceb921d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("products_pkey", "products", type_="primary")  # expect: C18


def downgrade() -> None:
    op.create_primary_key("products_pkey", "products", ["id"])
