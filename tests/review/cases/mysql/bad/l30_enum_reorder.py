# dialect: mysql
"""states in a nicer order

Revision ID: 79504eb272e8
Revises: 37b520e7f788
Create Date: 2026-03-12 09:38:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "79504eb272e8"
down_revision = "37b520e7f788"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        "ALTER TABLE orders MODIFY COLUMN state "  # expect: L30|D09
        "ENUM('cancelled', 'new', 'paid') NOT NULL"
    )


def downgrade():
    op.execute("ALTER TABLE orders MODIFY COLUMN state ENUM('new', 'paid', 'cancelled') NOT NULL")
