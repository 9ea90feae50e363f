# dialect: postgresql
# runs: no
"""weight is a number

Revision ID: e72751612e63
Revises: 2ba87bbc7b3f
Create Date: 2026-03-18 09:13:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "e72751612e63"
down_revision = "2ba87bbc7b3f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("products", "weight", existing_type=sa.Text(), type_=sa.Integer())  # expect: F08


def downgrade() -> None:
    op.alter_column("products", "weight", existing_type=sa.Integer(), type_=sa.Text())
