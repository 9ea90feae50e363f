# dialect: postgresql
"""read models

Revision ID: d20a25d174e0
Revises: b72819f140e7
Create Date: 2026-03-18 09:10:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "d20a25d174e0"
down_revision = "b72819f140e7"
branch_labels = None
depends_on = None


VIEW = """
CREATE OR REPLACE VIEW paid_orders AS
    SELECT o.id, o.total FROM orders AS o WHERE o.status = 'paid'
"""


def upgrade():
    op.execute(VIEW)
    op.execute("""
        CREATE FUNCTION order_total(order_id integer) RETURNS numeric LANGUAGE sql STABLE AS $$
            SELECT total FROM orders WHERE id = order_id;
        $$
    """)
    op.execute("CREATE SEQUENCE receipt_seq START 1000")
    op.execute("GRANT SELECT ON paid_orders TO CURRENT_USER")


def downgrade():
    op.execute("DROP SEQUENCE receipt_seq")
    op.execute("DROP FUNCTION order_total(integer)")
    op.execute("DROP VIEW paid_orders")
