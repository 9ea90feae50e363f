# dialect: postgresql
"""a powerful function

Revision ID: 25d50eef2e74
Revises: 64976f6988d3
Create Date: 2026-03-03 09:58:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "25d50eef2e74"
down_revision = "64976f6988d3"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        """
        CREATE FUNCTION purge() RETURNS void LANGUAGE sql SECURITY DEFINER AS $$  -- expect: X02
            DELETE FROM events WHERE happened_at < now() - interval '1 year'
        $$
        """
    )


def downgrade():
    op.execute("DROP FUNCTION purge()")
