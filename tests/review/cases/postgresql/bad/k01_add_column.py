# dialect: postgresql
"""sort position

Revision ID: 3fd185ad6e1f
Revises: 754fc994e51e
Create Date: 2026-03-24 09:24:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "3fd185ad6e1f"
down_revision = "754fc994e51e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("products", sa.Column("order", sa.Integer(), nullable=True))  # expect: K01


def downgrade() -> None:
    op.drop_column("products", "order")
