# dialect: mysql
"""bigger amounts

Revision ID: bca26e7cfb17
Revises: 379f35e41809
Create Date: 2026-03-01 09:36:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "bca26e7cfb17"
down_revision = "379f35e41809"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column(  # expect: L27|R01
        "orders", "amount", existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=False
    )


def downgrade() -> None:
    op.alter_column(
        "orders", "amount", existing_type=sa.BigInteger(), type_=sa.Integer(), existing_nullable=False
    )
