# dialect: postgresql
"""a table

Revision ID: wd0001
Revises: 
Create Date: 2026-03-19 09:01:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "wd0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parcels",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("code", sa.String(10), nullable=False),
        sa.Column("fee", sa.Numeric(6, 2), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("parcels")
