# dialect: postgresql
# runs: no
"""uses the models

Revision ID: 145850a15b29
Revises: 221d67d1abfc
Create Date: 2026-03-08 09:21:11.204518
"""

from alembic import op
import sqlalchemy as sa
from shop.models import Customer  # expect: N02

# revision identifiers, used by Alembic.
revision = "145850a15b29"
down_revision = "221d67d1abfc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.update(Customer).where(Customer.score.is_(None)).values(score=0))


def downgrade() -> None:
    pass
