# dialect: postgresql
"""fill scores with Core

Revision ID: 40fc0905523e
Revises: aac19436f6d8
Create Date: 2026-03-19 09:21:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "40fc0905523e"
down_revision = "aac19436f6d8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    customers = sa.table("customers", sa.column("id", sa.Integer), sa.column("score", sa.Integer))
    op.execute(customers.update().values(score=1))  # expect: D02


def downgrade() -> None:
    pass
