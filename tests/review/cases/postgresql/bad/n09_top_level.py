# dialect: postgresql
# runs: no
"""at import time

Revision ID: b6c352cad05c
Revises: 2c92de8b203b
Create Date: 2026-03-02 09:12:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "b6c352cad05c"
down_revision = "2c92de8b203b"
branch_labels = None
depends_on = None


op.execute("SELECT 1")  # expect: N09


def upgrade():
    op.execute("COMMENT ON TABLE orders IS 'orders'")


def downgrade():
    op.execute("COMMENT ON TABLE orders IS NULL")
