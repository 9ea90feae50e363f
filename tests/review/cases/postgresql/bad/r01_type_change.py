# dialect: postgresql
"""bigger amounts

Revision ID: 4b3466d9b838
Revises: 9657b057e668
Create Date: 2026-03-15 09:34:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "4b3466d9b838"
down_revision = "9657b057e668"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column(  # expect: R01
        "orders", "amount", existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=True
    )


def downgrade() -> None:
    op.alter_column(
        "orders", "amount", existing_type=sa.BigInteger(), type_=sa.Integer(), existing_nullable=True
    )
