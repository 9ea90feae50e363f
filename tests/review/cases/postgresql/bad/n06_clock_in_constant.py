# dialect: postgresql
"""since when a customer is known

Revision ID: 2a130d4e1b2d
Revises: d609acf65748
Create Date: 2026-05-12 10:04:31.207113
"""

from datetime import datetime, timezone
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "2a130d4e1b2d"
down_revision = "d609acf65748"
branch_labels = None
depends_on = None

NOW = datetime.now(timezone.utc).isoformat()  # allow: N07


def upgrade() -> None:
    op.add_column(
        "customers",  # expect(-1): N06
        sa.Column("known_since", sa.DateTime(), server_default=sa.text(f"'{NOW}'")),
    )


def downgrade() -> None:
    op.drop_column("customers", "known_since")
