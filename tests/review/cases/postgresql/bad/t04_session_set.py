# dialect: postgresql
"""longer patience

Revision ID: c3f76af1c915
Revises: b07f8742907c
Create Date: 2026-03-04 09:57:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "c3f76af1c915"
down_revision = "b07f8742907c"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("SET statement_timeout = 0")  # expect: T04
    op.execute("UPDATE orders SET coupon = NULL WHERE coupon = ''")


def downgrade():
    pass
