# dialect: postgresql
"""words in strings are not statements

Revision ID: 0ec161943966
Revises: b2a5251191a9
Create Date: 2026-03-03 09:50:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "0ec161943966"
down_revision = "b2a5251191a9"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        "COMMENT ON COLUMN customers.notes IS "
        "'TRUNCATE me; ALTER TABLE customers RENAME COLUMN notes TO remarks; DROP TABLE customers'"
    )
    op.execute(
        r"""
        -- DROP TABLE customers;
        /* ALTER TABLE orders DROP COLUMN total; /* nested */ CREATE INDEX x ON orders (total) */
        CREATE OR REPLACE FUNCTION purge_orders() RETURNS void LANGUAGE plpgsql AS $fn$
        BEGIN
            DELETE FROM orders;
            TRUNCATE events;
            ALTER TABLE orders RENAME COLUMN status TO state2;
        END
        $fn$
        """
    )
    op.create_table_comment("orders", "DROP INDEX ix_orders_status")


def downgrade():
    op.drop_table_comment("orders", existing_comment="DROP INDEX ix_orders_status")
    op.execute("DROP FUNCTION purge_orders()")
    op.execute("COMMENT ON COLUMN customers.notes IS NULL")
