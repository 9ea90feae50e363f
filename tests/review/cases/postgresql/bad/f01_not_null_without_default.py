# dialect: postgresql
# runs: no
"""everybody has a locale

Revision ID: b9d581b768aa
Revises: 72cc7e856a87
Create Date: 2026-03-22 09:45:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "b9d581b768aa"
down_revision = "72cc7e856a87"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customers", sa.Column("locale", sa.String(length=5), nullable=False))  # expect: F01


def downgrade() -> None:
    op.drop_column("customers", "locale")
