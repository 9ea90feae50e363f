# dialect: postgresql
"""the reference, for new rows

Revision ID: fk0001
Revises: 
Create Date: 2026-03-20 09:32:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "fk0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.execute("""
        ALTER TABLE orders ADD CONSTRAINT fk_orders_customer
            FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID
    """)


def downgrade():
    op.execute("ALTER TABLE orders DROP CONSTRAINT fk_orders_customer")
