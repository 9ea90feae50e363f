# dialect: postgresql
"""a unique token

Revision ID: 135c047be5de
Revises: ccef037c94cc
Create Date: 2026-03-03 09:39:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "135c047be5de"
down_revision = "ccef037c94cc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("customers") as batch_op:
        batch_op.add_column(sa.Column("token", sa.String(32), nullable=True, unique=True))  # expect: L25


def downgrade() -> None:
    with op.batch_alter_table("customers") as batch_op:
        batch_op.drop_column("token")
