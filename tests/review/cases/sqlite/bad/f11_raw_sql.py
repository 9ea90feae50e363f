# dialect: sqlite
"""raw

Revision ID: c795f8d8373d
Revises: 8657fc34a066
Create Date: 2026-03-26 09:20:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "c795f8d8373d"
down_revision = "8657fc34a066"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE customers ALTER COLUMN name TYPE varchar(200)")  # expect: F11|F17


def downgrade():
    raise NotImplementedError("names may have become longer")
