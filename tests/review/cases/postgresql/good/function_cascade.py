# dialect: postgresql
"""the view goes with its function

Revision ID: 0ae027f976d2
Revises: 472f769ffef1
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "0ae027f976d2"
down_revision = "472f769ffef1"
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


def downgrade():
    op.execute("DROP FUNCTION IF EXISTS public.order_total CASCADE")
