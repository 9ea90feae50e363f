# dialect: postgresql
"""short notes

Revision ID: 283c4261bb9a
Revises: c5d452dfb479
Create Date: 2026-03-26 09:10:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "283c4261bb9a"
down_revision = "c5d452dfb479"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column(  # expect: D03|R01
        "orders", "reference", existing_type=sa.String(40), type_=sa.String(10), existing_nullable=True
    )


def downgrade() -> None:
    op.alter_column(
        "orders", "reference", existing_type=sa.String(10), type_=sa.String(40), existing_nullable=True
    )
