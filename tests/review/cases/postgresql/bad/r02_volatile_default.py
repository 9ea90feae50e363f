# dialect: postgresql
"""public ids

Revision ID: 3328edf91fea
Revises: 706409bdde2d
Create Date: 2026-03-21 09:28:11.204518
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = "3328edf91fea"
down_revision = "706409bdde2d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(  # expect: R02
        "customers",
        sa.Column(
            "public_id",
            postgresql.UUID(as_uuid=True),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
    )


def downgrade() -> None:
    op.drop_column("customers", "public_id")
