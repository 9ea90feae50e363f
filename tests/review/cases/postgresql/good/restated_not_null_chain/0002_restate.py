# dialect: postgresql
"""says again what holds already

Revision ID: rn0002
Revises: rn0001
Create Date: 2026-03-04 09:33:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "rn0002"
down_revision = "rn0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("desks", "room", existing_type=sa.String(20), type_=sa.String(30), nullable=False)
    op.alter_column("desks", "id", existing_type=sa.Integer(), nullable=False)


def downgrade() -> None:
    op.alter_column("desks", "room", existing_type=sa.String(30), type_=sa.String(20), nullable=False)
