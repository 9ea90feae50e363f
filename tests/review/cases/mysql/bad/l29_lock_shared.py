# dialect: mysql
"""index with an explicit lock

Revision ID: 0a3f0703db50
Revises: 8c520404dfcf
Create Date: 2026-03-02 09:25:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "0a3f0703db50"
down_revision = "8c520404dfcf"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE orders ADD INDEX ix_orders_total (total), ALGORITHM=COPY, LOCK=SHARED")  # expect: L29|L27


def downgrade():
    op.execute("DROP INDEX ix_orders_total ON orders")
