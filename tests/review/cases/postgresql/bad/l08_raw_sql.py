# dialect: postgresql
"""events get a key

Revision ID: 643304502825
Revises: 5b6a467fafa8
Create Date: 2026-03-19 09:49:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "643304502825"
down_revision = "5b6a467fafa8"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE events ADD PRIMARY KEY (id)")  # expect: L08


def downgrade():
    op.execute("ALTER TABLE events DROP CONSTRAINT events_pkey")
