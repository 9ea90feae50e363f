# dialect: mysql
"""another storage engine

Revision ID: c9dabe4637d4
Revises: d56889f2aaad
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "c9dabe4637d4"
down_revision = "d56889f2aaad"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE orders ENGINE = MyISAM")  # expect: L27


def downgrade():
    op.execute("ALTER TABLE orders ENGINE = InnoDB")
