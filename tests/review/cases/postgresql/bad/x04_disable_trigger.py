# dialect: postgresql
"""quietly

Revision ID: 0430ce157bf6
Revises: 4f35cf7770a2
Create Date: 2026-03-16 09:05:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "0430ce157bf6"
down_revision = "4f35cf7770a2"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE orders DISABLE TRIGGER ALL")  # expect: X04
    op.execute("UPDATE orders SET coupon = NULL WHERE coupon = ''")
    op.execute("ALTER TABLE orders ENABLE TRIGGER ALL")


def downgrade():
    pass
