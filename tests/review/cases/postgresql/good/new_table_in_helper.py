# dialect: postgresql
"""a helper makes the tables

Revision ID: 44ed6b71950b
Revises: 9aa91ee9909a
Create Date: 2026-03-14 09:43:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "44ed6b71950b"
down_revision = "9aa91ee9909a"
branch_labels = None
depends_on = None


NAMES = ("north", "south")


def _make(name: str) -> None:
    op.create_table(
        f"stock_{name}",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("sku", sa.String(40), nullable=False),
    )
    op.create_index(f"ix_stock_{name}_sku", f"stock_{name}", ["sku"], unique=True)


def upgrade() -> None:
    for name in NAMES:
        _make(name)


def downgrade() -> None:
    for name in reversed(NAMES):
        op.drop_table(f"stock_{name}")
