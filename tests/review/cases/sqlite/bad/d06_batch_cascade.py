# dialect: sqlite
"""copy and swap with children

Revision ID: 3b5e1bcaeded
Revises: 0fb58a7ff5b6
Create Date: 2026-03-23 09:07:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "3b5e1bcaeded"
down_revision = "0fb58a7ff5b6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("PRAGMA foreign_keys=ON")
    with op.batch_alter_table("customers") as batch_op:  # expect: D06
        batch_op.alter_column("name", existing_type=sa.String(80), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("customers") as batch_op:
        batch_op.alter_column("name", existing_type=sa.String(80), nullable=True)
