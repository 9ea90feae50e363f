# dialect: postgresql
"""wait briefly, then give up

Revision ID: 9ce6aba196cd
Revises: 1d5c38111553
Create Date: 2026-03-21 09:03:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "9ce6aba196cd"
down_revision = "1d5c38111553"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")
    op.add_column("orders", sa.Column("weight", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("orders", "weight")
