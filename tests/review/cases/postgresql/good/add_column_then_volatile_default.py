# dialect: postgresql
"""a volatile default for new rows only

Revision ID: a0049dac14e6
Revises: 38514c692090
Create Date: 2026-03-27 09:28:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "a0049dac14e6"
down_revision = "38514c692090"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("token", sa.Uuid(), nullable=True))
    op.alter_column("events", "token", server_default=sa.text("gen_random_uuid()"))


def downgrade() -> None:
    op.drop_column("events", "token")
