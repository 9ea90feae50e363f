# dialect: postgresql
"""required without a default any more

Revision ID: ab1c07c38bd7
Revises: 5c75afd59793
Create Date: 2026-03-06 09:25:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "ab1c07c38bd7"
down_revision = "5c75afd59793"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("origin", sa.String(10), nullable=False, server_default="web"))
    op.alter_column("orders", "origin", server_default=None)  # expect: C08|C07


def downgrade() -> None:
    op.drop_column("orders", "origin")
