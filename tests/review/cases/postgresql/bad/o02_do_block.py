# dialect: postgresql
"""hidden in a block

Revision ID: 8f51a5b4ad45
Revises: 41f47026ad06
Create Date: 2026-03-11 09:15:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "8f51a5b4ad45"
down_revision = "41f47026ad06"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        """
        DO $$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM pg_indexes WHERE indexname = 'ix_orders_coupon') THEN
                CREATE INDEX ix_orders_coupon ON orders (coupon);
            END IF;
        END $$;
        """  # expect(-6): O02|L01
    )


def downgrade():
    op.execute("DROP INDEX ix_orders_coupon")
