# dialect: postgresql
"""never looked back

Revision ID: f42aa61e7185
Revises: 3ae039adf33a
Create Date: 2026-03-12 09:02:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "f42aa61e7185"
down_revision = "3ae039adf33a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("tags", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:  # expect: V01
    pass
