# dialect: postgresql
"""running number

Revision ID: fd93d5d53030
Revises: edb5b1c8f2a8
Create Date: 2026-03-20 09:28:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "fd93d5d53030"
down_revision = "edb5b1c8f2a8"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE invoices ADD COLUMN line_no bigserial")  # expect: R05


def downgrade():
    op.execute("ALTER TABLE invoices DROP COLUMN line_no")
