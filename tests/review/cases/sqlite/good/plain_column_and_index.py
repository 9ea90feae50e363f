# dialect: sqlite
"""what SQLite can do alone

Revision ID: c8aa7b724d37
Revises: 32369c106d9d
Create Date: 2026-03-08 09:27:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "c8aa7b724d37"
down_revision = "32369c106d9d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customers", sa.Column("score", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_customers_score", "customers", ["score"])


def downgrade() -> None:
    op.drop_index("ix_customers_score", table_name="customers")
    op.drop_column("customers", "score")
