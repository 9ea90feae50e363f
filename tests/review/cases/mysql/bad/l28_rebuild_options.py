# dialect: mysql
"""options that write the table anew

Revision ID: b2e3378b7378
Revises: 6b59bd3816db
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "b2e3378b7378"
down_revision = "6b59bd3816db"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE orders ENGINE=InnoDB")  # expect: L28
    op.execute("ALTER TABLE invoices ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8")  # expect: L28
    op.execute("ALTER TABLE bookings FORCE")  # expect: L28
    op.execute("OPTIMIZE TABLE events")  # expect: L28


def downgrade():
    raise NotImplementedError("the space is given back")
