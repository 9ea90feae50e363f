# dialect: mysql
"""running number

Revision ID: c945e9907942
Revises: 56f0b775c2a2
Create Date: 2026-03-19 09:11:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "c945e9907942"
down_revision = "56f0b775c2a2"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE events ADD COLUMN seq BIGINT NOT NULL AUTO_INCREMENT UNIQUE")  # expect: R05


def downgrade():
    op.execute("ALTER TABLE events DROP COLUMN seq")
