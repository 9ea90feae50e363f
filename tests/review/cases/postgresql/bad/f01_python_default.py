# dialect: postgresql
# runs: no
"""a Python default is no help

Revision ID: 713e74f07212
Revises: 7bc7cc0aca1e
Create Date: 2026-03-07 09:02:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "713e74f07212"
down_revision = "7bc7cc0aca1e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(  # expect: F01
        "customers",
        sa.Column("active", sa.Boolean(), default=True, nullable=False),
    )


def downgrade() -> None:
    op.drop_column("customers", "active")
