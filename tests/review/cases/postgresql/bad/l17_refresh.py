# dialect: postgresql
"""fresh totals

Revision ID: c4129bbfefb3
Revises: 5cae1e0e2f8a
Create Date: 2026-03-13 09:56:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "c4129bbfefb3"
down_revision = "5cae1e0e2f8a"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("REFRESH MATERIALIZED VIEW daily_totals")  # expect: L17


def downgrade():
    pass
