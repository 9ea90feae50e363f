# dialect: mysql
"""the length byte grows

Revision ID: dd457fc0d33d
Revises: 974fc51989f9
Create Date: 2026-03-24 09:54:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "dd457fc0d33d"
down_revision = "974fc51989f9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column(  # expect: L27
        "customers",
        "name",
        existing_type=sa.String(80),
        type_=sa.String(300),
        existing_nullable=False,
    )


def downgrade() -> None:
    op.alter_column(
        "customers", "name", existing_type=sa.String(300), type_=sa.String(80), existing_nullable=False
    )
