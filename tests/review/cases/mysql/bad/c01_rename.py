# dialect: mysql
"""better name

Revision ID: 86e68049ea18
Revises: 3b904b2c619a
Create Date: 2026-03-20 09:00:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "86e68049ea18"
down_revision = "3b904b2c619a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column(  # expect: C01
        "customers",
        "phone",
        new_column_name="phone_number",
        existing_type=sa.String(40),
        existing_nullable=True,
    )


def downgrade() -> None:
    op.alter_column(
        "customers",
        "phone_number",
        new_column_name="phone",
        existing_type=sa.String(40),
        existing_nullable=True,
    )
