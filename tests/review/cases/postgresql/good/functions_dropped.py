# dialect: postgresql
"""functions dropped again in each way

Revision ID: 7483652e92af
Revises: 8e4a7cc562ad
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "7483652e92af"
down_revision = "8e4a7cc562ad"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        """
        CREATE FUNCTION order_total(customer bigint) RETURNS bigint LANGUAGE sql STABLE
        AS 'SELECT count(*) FROM orders WHERE customer_id = customer'
        """
    )
    op.execute("CREATE VIEW totals AS SELECT id, order_total(id) FROM customers")

    op.execute("CREATE FUNCTION one() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'")
    op.execute("CREATE FUNCTION two() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2'")
    op.execute("CREATE OR REPLACE FUNCTION three() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 3'")


def downgrade():
    op.execute("DROP FUNCTION one(), public.two()")
    op.execute("DROP VIEW totals")
    op.execute("DROP FUNCTION order_total(bigint)")
