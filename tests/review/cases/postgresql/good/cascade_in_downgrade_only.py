# dialect: postgresql
"""the way back may be rough

Revision ID: 32c3627c1737
Revises: eefb961bdfc4
Create Date: 2026-03-03 09:30:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "32c3627c1737"
down_revision = "eefb961bdfc4"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE TABLE lanes (id integer PRIMARY KEY, label text NOT NULL)")
    op.execute("CREATE INDEX ix_lanes_label ON lanes (label)")


def downgrade():
    op.execute("DROP TABLE IF EXISTS lanes CASCADE")
