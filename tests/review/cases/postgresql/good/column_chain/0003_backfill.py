# dialect: postgresql
"""old rows get a value, in batches

Revision ID: cc0003
Revises: cc0002
Create Date: 2026-03-25 09:30:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "cc0003"
down_revision = "cc0002"
branch_labels = None
depends_on = None


BATCH = 1000


def upgrade() -> None:
    with op.get_context().autocommit_block():
        conn = op.get_bind()
        while True:
            done = conn.execute(
                sa.text(
                    "UPDATE customers SET locale = 'en' WHERE id IN "
                    "(SELECT id FROM customers WHERE locale IS NULL LIMIT :batch)"
                ),
                {"batch": BATCH},
            )
            if done.rowcount == 0:
                break


def downgrade() -> None:
    """The values may stay."""
