# dialect: mysql
"""rows move to their partitions

Revision ID: 700d94688da7
Revises: fc8a29263c7f
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "700d94688da7"
down_revision = "fc8a29263c7f"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE orders PARTITION BY HASH (id) PARTITIONS 4")  # expect: L27


def downgrade():
    op.execute("ALTER TABLE orders REMOVE PARTITIONING")
