# dialect: postgresql
"""everybody may read

Revision ID: c1c12b3e6b3c
Revises: 2fca1d332eb1
Create Date: 2026-03-11 09:34:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "c1c12b3e6b3c"
down_revision = "2fca1d332eb1"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("GRANT ALL ON orders TO PUBLIC")  # expect: X01


def downgrade():
    op.execute("REVOKE ALL ON orders FROM PUBLIC")
