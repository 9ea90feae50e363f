# dialect: postgresql
"""addresses have an at sign

Revision ID: 8f97343da4b6
Revises: 29daea92777f
Create Date: 2026-03-16 09:48:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "8f97343da4b6"
down_revision = "29daea92777f"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER DOMAIN email_address ADD CONSTRAINT has_at CHECK (VALUE LIKE '%@%')")  # expect: L22


def downgrade():
    op.execute("ALTER DOMAIN email_address DROP CONSTRAINT has_at")
