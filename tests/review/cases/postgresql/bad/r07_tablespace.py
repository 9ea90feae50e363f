# dialect: postgresql
# runs: no
"""move the table

Revision ID: 1c65126c9f0f
Revises: 1e802950e633
Create Date: 2026-03-19 09:24:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "1c65126c9f0f"
down_revision = "1e802950e633"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE events SET TABLESPACE fast_disk")  # expect: R07


def downgrade():
    op.execute("ALTER TABLE events SET TABLESPACE pg_default")
