# dialect: postgresql
"""no overlapping bookings

Revision ID: 540b1a61d765
Revises: b56fae2ea00a
Create Date: 2026-03-22 09:21:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "540b1a61d765"
down_revision = "b56fae2ea00a"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        "ALTER TABLE bookings ADD CONSTRAINT ex_bookings EXCLUDE USING gist (during WITH &&)"  # expect: L09
    )


def downgrade():
    op.execute("ALTER TABLE bookings DROP CONSTRAINT ex_bookings")
