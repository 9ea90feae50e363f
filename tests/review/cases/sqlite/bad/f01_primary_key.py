# dialect: sqlite
"""a key for rows that have none

Revision ID: b5c0961cebf2
Revises: 1a43a0a1801a
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "b5c0961cebf2"
down_revision = "1a43a0a1801a"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("orders", sa.Column("number", sa.Integer(), primary_key=True))  # expect: F01


def downgrade():
    op.drop_column("orders", "number")
