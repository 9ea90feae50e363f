# dialect: postgresql
"""free form data

Revision ID: cde0d06242b6
Revises: 176acc717cd8
Create Date: 2026-03-27 09:56:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "cde0d06242b6"
down_revision = "176acc717cd8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("products", sa.Column("metadata", sa.JSON(), nullable=True))  # expect: K02


def downgrade() -> None:
    op.drop_column("products", "metadata")
