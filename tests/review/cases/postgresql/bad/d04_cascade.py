# dialect: postgresql
"""and everything that hangs on it

Revision ID: 9628c4be4cea
Revises: e73fa7be8511
Create Date: 2026-03-17 09:55:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "9628c4be4cea"
down_revision = "e73fa7be8511"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("DROP TABLE old_reports CASCADE")  # expect: D04, C04


def downgrade():
    op.execute("CREATE TABLE old_reports (id integer PRIMARY KEY, title text)")
