# dialect: postgresql
"""faster writes

Revision ID: 2a2792d96eab
Revises: 35f1ca029cb4
Create Date: 2026-03-09 09:47:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "2a2792d96eab"
down_revision = "35f1ca029cb4"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE events SET UNLOGGED")  # expect: R06


def downgrade():
    op.execute("ALTER TABLE events SET LOGGED")
