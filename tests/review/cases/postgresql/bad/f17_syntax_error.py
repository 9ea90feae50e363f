# dialect: postgresql
# runs: no
"""a comma too many

Revision ID: 102c386f84d9
Revises: 633007e6dd6d
Create Date: 2026-03-13 09:49:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "102c386f84d9"
down_revision = "633007e6dd6d"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE orders ADD COLUMN note text,")  # expect: F17


def downgrade():
    op.execute("ALTER TABLE orders DROP COLUMN note")
