# dialect: postgresql
# runs: up
"""the way back fails

Revision ID: 9a1f76ca1c7d
Revises: 107c2db8079e
Create Date: 2026-03-20 09:16:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "9a1f76ca1c7d"
down_revision = "107c2db8079e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("orders", "quantity")  # expect: C03


def downgrade() -> None:
    op.add_column("orders", sa.Column("quantity", sa.Integer(), nullable=False))  # expect: V03
