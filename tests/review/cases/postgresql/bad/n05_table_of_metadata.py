# dialect: postgresql
# runs: no
"""create a table of the application

Revision ID: 18f03b1eb366
Revises: c10f5b464892
Create Date: 2026-05-12 10:04:31.207113
"""

from alembic import op
from shop.db import metadata  # expect: N02

# revision identifiers, used by Alembic.
revision = "18f03b1eb366"
down_revision = "c10f5b464892"
branch_labels = None
depends_on = None


def upgrade() -> None:
    metadata.tables["reports"].create(op.get_bind())  # expect: N05


def downgrade() -> None:
    op.drop_table("reports")
