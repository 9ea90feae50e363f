# dialect: postgresql
"""no archive any more

Revision ID: cefb3512fe58
Revises: 15f622f34138
Create Date: 2026-03-13 09:23:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "cefb3512fe58"
down_revision = "15f622f34138"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("DROP SCHEMA archive CASCADE")  # expect: D05


def downgrade():
    raise NotImplementedError("the archive is gone")
