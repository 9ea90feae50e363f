# dialect: postgresql
# runs: no
"""constraint without a name

Revision ID: 366dea0d4e53
Revises: 07e8f5c2deee
Create Date: 2026-03-14 09:34:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "366dea0d4e53"
down_revision = "07e8f5c2deee"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_unique_constraint(None, "products", ["sku", "title"])  # expect: L07


def downgrade() -> None:
    op.drop_constraint(None, "products", type_="unique")  # expect: F09
