# dialect: postgresql
"""full price

Revision ID: 3cb7452fbebc
Revises: 9a9a337b081b
Create Date: 2026-03-24 09:38:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "3cb7452fbebc"
down_revision = "9a9a337b081b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(  # expect: R04
        "products",
        sa.Column("gross", sa.Numeric(10, 2), sa.Computed("price * 1.19", persisted=True)),
    )


def downgrade() -> None:
    op.drop_column("products", "gross")
