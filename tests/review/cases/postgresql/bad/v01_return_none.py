# dialect: postgresql
# runs: up
"""a downgrade that returns None

Revision ID: 0e7f75fc31fc
Revises: 0d911276af5b
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "0e7f75fc31fc"
down_revision = "0d911276af5b"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("orders", sa.Column("remark", sa.Text(), nullable=True))


def downgrade():
    return None  # expect(-1): V01
