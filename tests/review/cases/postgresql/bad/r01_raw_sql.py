# dialect: postgresql
"""timestamps with a zone

Revision ID: d8e8bb568456
Revises: 81fe45d2fffd
Create Date: 2026-03-10 09:57:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "d8e8bb568456"
down_revision = "81fe45d2fffd"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("""
        ALTER TABLE orders
            ALTER COLUMN shipped_at TYPE timestamptz USING shipped_at AT TIME ZONE 'UTC'
    """)  # expect(-2): R01


def downgrade():
    op.execute("ALTER TABLE orders ALTER COLUMN shipped_at TYPE timestamp")
