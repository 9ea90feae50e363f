# dialect: mysql
"""an ignored reference

Revision ID: f176fba67744
Revises: 0d513186f1e9
Create Date: 2026-03-22 09:15:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "f176fba67744"
down_revision = "0d513186f1e9"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE orders ADD COLUMN depot_id int NULL REFERENCES depots (id)")  # expect: F24


def downgrade():
    op.execute("ALTER TABLE orders DROP COLUMN depot_id")
