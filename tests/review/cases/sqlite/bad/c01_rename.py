# dialect: sqlite
"""better name

Revision ID: b251bfc91494
Revises: 056bfae84452
Create Date: 2026-03-13 09:36:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "b251bfc91494"
down_revision = "056bfae84452"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("customers") as batch_op:
        batch_op.alter_column("phone", new_column_name="phone_number")  # expect: C01


def downgrade() -> None:
    with op.batch_alter_table("customers") as batch_op:
        batch_op.alter_column("phone_number", new_column_name="phone")
