# dialect: postgresql
"""the check, for new rows only

Revision ID: e857860abec4
Revises: 9725988fb6fe
Create Date: 2026-03-10 09:04:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "e857860abec4"
down_revision = "9725988fb6fe"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        "ALTER TABLE orders ADD CONSTRAINT ck_orders_total CHECK (total >= 0) NOT VALID"
    )


def downgrade():
    op.execute("ALTER TABLE orders DROP CONSTRAINT ck_orders_total")
