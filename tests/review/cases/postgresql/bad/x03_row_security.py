# dialect: postgresql
"""no policy yet

Revision ID: 6f0f7618453d
Revises: 6bd8e232fb24
Create Date: 2026-03-12 09:05:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "6f0f7618453d"
down_revision = "6bd8e232fb24"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE customers ENABLE ROW LEVEL SECURITY")  # expect: X03


def downgrade():
    op.execute("ALTER TABLE customers DISABLE ROW LEVEL SECURITY")
