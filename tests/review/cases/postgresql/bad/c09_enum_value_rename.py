# dialect: postgresql
"""paid is settled

Revision ID: cc4504aa8c02
Revises: d699bde51f2a
Create Date: 2026-03-05 09:49:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "cc4504aa8c02"
down_revision = "d699bde51f2a"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TYPE order_status RENAME VALUE 'paid' TO 'settled'")  # expect: C09


def downgrade():
    op.execute("ALTER TYPE order_status RENAME VALUE 'settled' TO 'paid'")
