# dialect: mysql
"""clean

Revision ID: 0056bb48c0bc
Revises: 625cd8064710
Create Date: 2026-03-12 09:40:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "0056bb48c0bc"
down_revision = "625cd8064710"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("DELETE FROM `events`")  # expect: D02


def downgrade():
    raise NotImplementedError("the events are gone")
