# dialect: postgresql
"""depends on the machine

Revision ID: c455bd1cd37f
Revises: 241f96ca4758
Create Date: 2026-03-27 09:34:11.204518
"""

import os

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "c455bd1cd37f"
down_revision = "241f96ca4758"
branch_labels = None
depends_on = None


PREFIX = os.environ.get("TABLE_PREFIX", "")  # expect: N07


def upgrade() -> None:
    op.create_table(PREFIX + "flags", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table(PREFIX + "flags")
