# dialect: postgresql
# runs: no
"""commit early

Revision ID: acb3577d1259
Revises: 7ebe75f54170
Create Date: 2026-03-11 09:57:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "acb3577d1259"
down_revision = "7ebe75f54170"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("UPDATE orders SET coupon = NULL WHERE coupon = ''")
    op.execute("COMMIT")  # expect: T01
    op.execute("UPDATE orders SET reference = NULL WHERE reference = ''")


def downgrade():
    pass
