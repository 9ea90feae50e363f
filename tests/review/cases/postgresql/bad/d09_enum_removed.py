# dialect: postgresql
"""orders are never cancelled

Revision ID: 9f0111efa21b
Revises: 232c38872dc3
Create Date: 2026-03-09 09:28:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "9f0111efa21b"
down_revision = "232c38872dc3"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TYPE order_status RENAME TO order_status_old")
    op.execute("CREATE TYPE order_status AS ENUM ('new', 'paid')")
    op.execute("ALTER TABLE orders ALTER COLUMN state DROP DEFAULT")
    op.execute(
        "ALTER TABLE orders ALTER COLUMN state TYPE order_status "  # expect: R01|D09
        "USING state::text::order_status"
    )
    op.execute("ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'new'")
    op.execute("DROP TYPE order_status_old")


def downgrade():
    raise NotImplementedError("cancelled orders cannot come back")
