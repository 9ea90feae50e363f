# dialect: postgresql
"""created now, whenever that was

Revision ID: 762b5ef3ccd0
Revises: 63137ce8e483
Create Date: 2026-03-20 09:04:11.204518
"""

from datetime import datetime, timezone

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "762b5ef3ccd0"
down_revision = "63137ce8e483"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(  # expect: N06
        "products",
        sa.Column(
            "listed_at", sa.DateTime(), server_default=datetime.now(timezone.utc).isoformat(), nullable=False
        ),
    )


def downgrade() -> None:
    op.drop_column("products", "listed_at")
