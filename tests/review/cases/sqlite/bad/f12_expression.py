# dialect: sqlite
"""random key

Revision ID: 6fbd6e14fd66
Revises: 4dd6adbde8a8
Create Date: 2026-03-09 09:41:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "6fbd6e14fd66"
down_revision = "4dd6adbde8a8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customers", sa.Column("key_", sa.Text(), server_default=sa.text("(hex(randomblob(16)))")))  # expect: F12


def downgrade() -> None:
    op.drop_column("customers", "key_")
