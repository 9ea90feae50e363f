# dialect: postgresql
"""archive 2024

Revision ID: b3e6b37a867b
Revises: 4a5b8b0e6715
Create Date: 2026-03-14 09:12:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "b3e6b37a867b"
down_revision = "4a5b8b0e6715"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE measurements DETACH PARTITION measurements_2024")  # expect: L16


def downgrade():
    op.execute(
        "ALTER TABLE measurements ATTACH PARTITION measurements_2024 "
        "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')"
    )
