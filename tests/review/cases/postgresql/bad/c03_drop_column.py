# dialect: postgresql
"""the old code is gone

Revision ID: 93e680178879
Revises: d8009a7b3985
Create Date: 2026-03-24 09:11:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "93e680178879"
down_revision = "d8009a7b3985"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("customers", "legacy_code")  # expect: C03


def downgrade() -> None:
    op.add_column("customers", sa.Column("legacy_code", sa.String(20), nullable=True))
