# dialect: postgresql
"""identity column

Revision ID: 18ac0876913c
Revises: 73fe08b68c21
Create Date: 2026-03-27 09:30:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "18ac0876913c"
down_revision = "73fe08b68c21"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False))  # expect: R05


def downgrade() -> None:
    op.drop_column("events", "seq")
