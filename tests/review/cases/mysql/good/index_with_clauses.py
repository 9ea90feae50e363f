# dialect: mysql
"""say what may happen

Revision ID: b8d478c98291
Revises: 5a176d2e96d4
Create Date: 2026-03-09 09:41:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "b8d478c98291"
down_revision = "5a176d2e96d4"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE orders ADD INDEX ix_orders_total (total), ALGORITHM=INPLACE, LOCK=NONE")


def downgrade():
    op.execute("ALTER TABLE orders DROP INDEX ix_orders_total, ALGORITHM=INPLACE, LOCK=NONE")
