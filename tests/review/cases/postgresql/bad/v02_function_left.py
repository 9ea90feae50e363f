# dialect: postgresql
# runs: up
"""the function stays behind

Revision ID: b14d67a31e89
Revises: 4283d778a647
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "b14d67a31e89"
down_revision = "4283d778a647"
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
    op.execute("DROP VIEW totals")  # expect(-1): V02
