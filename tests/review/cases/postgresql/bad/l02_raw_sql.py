# dialect: postgresql
"""two statements in one string

Revision ID: cd794c344841
Revises: d20e69c80444
Create Date: 2026-03-22 09:47:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "cd794c344841"
down_revision = "d20e69c80444"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("""
        DROP INDEX IF EXISTS ix_orders_status;  -- expect: L02
        COMMENT ON TABLE orders IS 'DROP INDEX ix_old; then RENAME COLUMN a TO b';
        DROP INDEX ix_orders_placed_at;  -- expect: L02
    """)


def downgrade():
    op.execute("CREATE INDEX ix_orders_status ON orders (status)")
    op.execute("CREATE INDEX ix_orders_placed_at ON orders (placed_at)")
