# dialect: postgresql
"""shuffle key

Revision ID: 9372e3198778
Revises: 122ceb97eb1c
Create Date: 2026-03-01 09:50:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "9372e3198778"
down_revision = "122ceb97eb1c"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE events ADD COLUMN shuffle double precision DEFAULT random()")  # expect: R02


def downgrade():
    op.execute("ALTER TABLE events DROP COLUMN shuffle")
