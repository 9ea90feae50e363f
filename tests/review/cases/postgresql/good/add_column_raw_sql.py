# dialect: postgresql
"""the same in SQL

Revision ID: 5c2545d9ab22
Revises: 352012d5fbe0
Create Date: 2026-03-03 09:09:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "5c2545d9ab22"
down_revision = "352012d5fbe0"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        """
        ALTER TABLE public.orders
            ADD COLUMN IF NOT EXISTS note text,
            ADD COLUMN IF NOT EXISTS noted_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
            ADD COLUMN IF NOT EXISTS tags text[] NOT NULL DEFAULT '{}';
        """
    )


def downgrade():
    op.execute("ALTER TABLE orders DROP COLUMN note, DROP COLUMN noted_at, DROP COLUMN tags")
