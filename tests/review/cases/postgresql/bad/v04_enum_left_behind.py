# dialect: postgresql
# runs: up
"""shipments

Revision ID: a966c597c681
Revises: d3997433bc80
Create Date: 2026-03-14 09:45:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "a966c597c681"
down_revision = "d3997433bc80"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shipments",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("state", sa.Enum("packed", "sent", name="shipment_state"), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("shipments")  # expect: V04
