# dialect: postgresql
"""attach last year

Revision ID: 41bc4c0a8345
Revises: d6e9336b566c
Create Date: 2026-03-03 09:41:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "41bc4c0a8345"
down_revision = "d6e9336b566c"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("""
        ALTER TABLE measurements  -- expect: L15
            ATTACH PARTITION measurements_2025
            FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')
    """)


def downgrade():
    op.execute("ALTER TABLE measurements DETACH PARTITION measurements_2025")
