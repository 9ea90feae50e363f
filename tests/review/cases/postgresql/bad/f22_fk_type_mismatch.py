# dialect: postgresql
# runs: no
"""one reference is text

Revision ID: fe8d2d3eb7be
Revises: 63345c31b6b7
Create Date: 2026-03-09 09:21:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "fe8d2d3eb7be"
down_revision = "63345c31b6b7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "depots",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("city", sa.Text(), nullable=False),
    )
    op.create_table(
        "depot_bins",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("depot_id", sa.String(20), sa.ForeignKey("depots.id"), nullable=False),  # expect: F22
    )


def downgrade() -> None:
    op.drop_table("depot_bins")
    op.drop_table("depots")
