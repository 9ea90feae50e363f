# dialect: postgresql
"""larger prices

Revision ID: 3173b9caaa88
Revises: 32b7ed9de595
Create Date: 2026-03-15 09:41:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "3173b9caaa88"
down_revision = "32b7ed9de595"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column(
        "products",
        "price",
        existing_type=sa.Numeric(precision=8, scale=2),
        type_=sa.Numeric(precision=12, scale=2),
        existing_nullable=True,
    )


def downgrade() -> None:
    op.alter_column(
        "products",
        "price",
        existing_type=sa.Numeric(precision=12, scale=2),
        type_=sa.Numeric(precision=8, scale=2),
        existing_nullable=True,
    )
