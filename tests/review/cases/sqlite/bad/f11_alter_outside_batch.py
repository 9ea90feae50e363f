# dialect: sqlite
"""longer names

Revision ID: 17e33ad7341a
Revises: d1631c68f22b
Create Date: 2026-03-23 09:56:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "17e33ad7341a"
down_revision = "d1631c68f22b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("customers", "name", existing_type=sa.String(80), type_=sa.String(200))  # expect: F11


def downgrade() -> None:
    with op.batch_alter_table("customers") as batch_op:
        batch_op.alter_column("name", existing_type=sa.String(200), type_=sa.String(80))
