# dialect: mysql
"""uuid for everybody

Revision ID: 0ea14d22f5fe
Revises: 11c69642ef9c
Create Date: 2026-03-06 09:44:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "0ea14d22f5fe"
down_revision = "11c69642ef9c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(  # expect: R03
        "customers", sa.Column("uid", sa.String(36), server_default=sa.text("(uuid())"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("customers", "uid")
