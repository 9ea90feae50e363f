# dialect: mysql
"""better name

Revision ID: 20e8db7bfe4b
Revises: 7a593d67ffcf
Create Date: 2026-03-03 09:56:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "20e8db7bfe4b"
down_revision = "7a593d67ffcf"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE `customers` CHANGE COLUMN `phone` `phone_number` varchar(40) NULL")  # expect: C01


def downgrade():
    op.execute("ALTER TABLE `customers` CHANGE COLUMN `phone_number` `phone` varchar(40) NULL")
