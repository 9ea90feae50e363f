# dialect: postgresql
"""one more state, used by a later revision

Revision ID: ba597b53d330
Revises: 2c621773e4f0
Create Date: 2026-03-06 09:32:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "ba597b53d330"
down_revision = "2c621773e4f0"
branch_labels = None
depends_on = None


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE order_status ADD VALUE IF NOT EXISTS 'refunded'")


def downgrade():
    # PostgreSQL cannot remove an enum value; an unused one does no harm.
    pass
