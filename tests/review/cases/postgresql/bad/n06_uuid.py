# dialect: postgresql
"""one uuid for everybody

Revision ID: 8647214d78f8
Revises: 730c211baa73
Create Date: 2026-03-12 09:28:11.204518
"""

import uuid

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "8647214d78f8"
down_revision = "730c211baa73"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("products", sa.Column("uid", sa.String(36), server_default=str(uuid.uuid4())))  # expect: N06


def downgrade() -> None:
    op.drop_column("products", "uid")
