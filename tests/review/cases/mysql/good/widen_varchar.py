# dialect: mysql
"""longer, below 256 bytes

Revision ID: 412fcf4818ce
Revises: e3bc96d660d8
Create Date: 2026-03-10 09:54:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "412fcf4818ce"
down_revision = "e3bc96d660d8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column(
        "customers",
        "phone",
        existing_type=sa.String(20),
        type_=sa.String(40),
        existing_nullable=True,
    )


def downgrade() -> None:
    op.alter_column(
        "customers",
        "phone",
        existing_type=sa.String(40),
        type_=sa.String(20),
        existing_nullable=True,
    )
