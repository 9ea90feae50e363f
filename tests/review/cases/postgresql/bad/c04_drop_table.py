# dialect: postgresql
"""old reports

Revision ID: 31afce53c1d3
Revises: 5f280f3f3740
Create Date: 2026-03-06 09:18:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "31afce53c1d3"
down_revision = "5f280f3f3740"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("old_reports")  # expect: C04


def downgrade() -> None:
    op.create_table(
        "old_reports",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", sa.Text()),
    )
