# dialect: postgresql
"""search vector

Revision ID: 421a4a2da187
Revises: 7db85bb7286e
Create Date: 2026-03-25 09:20:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "421a4a2da187"
down_revision = "7db85bb7286e"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        "ALTER TABLE products ADD COLUMN search tsvector "  # expect: R04
        "GENERATED ALWAYS AS (to_tsvector('simple', title)) STORED"
    )


def downgrade():
    op.execute("ALTER TABLE products DROP COLUMN search")
