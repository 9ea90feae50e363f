# dialect: sqlite
"""locale

Revision ID: 2ffaeb7d28a1
Revises: f5ef148ff877
Create Date: 2026-03-07 09:47:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "2ffaeb7d28a1"
down_revision = "f5ef148ff877"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("customers") as batch_op:
        batch_op.add_column(sa.Column("locale", sa.String(5), nullable=False))  # expect: F01


def downgrade() -> None:
    with op.batch_alter_table("customers") as batch_op:
        batch_op.drop_column("locale")
