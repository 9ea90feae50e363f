# dialect: postgresql
"""sort like people do

Revision ID: 1924b79946e4
Revises: 89b209ed6a2d
Create Date: 2026-03-21 09:45:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "1924b79946e4"
down_revision = "89b209ed6a2d"
branch_labels = None
depends_on = None


def upgrade():
    op.execute('ALTER TABLE products ALTER COLUMN title TYPE varchar(100) COLLATE "C"')  # expect: R08


def downgrade():
    op.execute("ALTER TABLE products ALTER COLUMN title TYPE varchar(100)")
