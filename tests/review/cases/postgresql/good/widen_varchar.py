# dialect: postgresql
"""longer names

Revision ID: 30a68455bfe0
Revises: 0444531eda5e
Create Date: 2026-03-25 09:26:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "30a68455bfe0"
down_revision = "0444531eda5e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column(
        "customers",
        "name",
        existing_type=sa.String(length=80),
        type_=sa.String(length=200),
        existing_nullable=False,
    )
    op.alter_column(
        "customers", "phone", existing_type=sa.VARCHAR(length=40), type_=sa.Text(), existing_nullable=True
    )


def downgrade() -> None:
    op.alter_column(
        "customers", "phone", existing_type=sa.Text(), type_=sa.VARCHAR(length=40), existing_nullable=True
    )
    op.alter_column(
        "customers",
        "name",
        existing_type=sa.String(length=200),
        type_=sa.String(length=80),
        existing_nullable=False,
    )
