# dialect: mysql
"""a very long key

Revision ID: 2b3d3cffde5e
Revises: 5ad1550bb8cb
Create Date: 2026-03-25 09:22:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "2b3d3cffde5e"
down_revision = "5ad1550bb8cb"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("path", sa.String(1000), nullable=False),
        mysql_charset="utf8mb4",
    )
    op.create_index("ix_documents_path", "documents", ["path"])  # expect: F21


def downgrade() -> None:
    op.drop_table("documents")
