# dialect: postgresql
# runs: no
"""all tables

Revision ID: a196829f0e19
Revises: 9ff1d4a65f45
Create Date: 2026-03-19 09:18:11.204518
"""

from alembic import op
from shop.db import Base  # expect: N02

# revision identifiers, used by Alembic.
revision = "a196829f0e19"
down_revision = "9ff1d4a65f45"
branch_labels = None
depends_on = None


def upgrade():
    Base.metadata.create_all(op.get_bind())  # expect: N05


def downgrade():
    Base.metadata.drop_all(op.get_bind())
