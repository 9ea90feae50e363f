# dialect: mysql
"""gone

Revision ID: 6f8cabcac582
Revises: d47d51af95ae
Create Date: 2026-03-07 09:54:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "6f8cabcac582"
down_revision = "d47d51af95ae"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("customers", "fax")  # expect: C03


def downgrade() -> None:
    op.add_column("customers", sa.Column("fax", sa.String(40), nullable=True))
