# dialect: postgresql
"""a nullable column

Revision ID: cc0001
Revises: 
Create Date: 2026-03-20 09:38:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "cc0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customers", sa.Column("locale", sa.String(5), nullable=True))


def downgrade() -> None:
    op.drop_column("customers", "locale")
