# dialect: postgresql
# setup: CREATE TYPE stage AS ENUM ('new', 'paid')
# setup: ALTER TABLE orders ADD COLUMN stage stage
# runs: up
"""the same type with one more value

Revision ID: 38f8c7ac1282
Revises: 239fec5c43c4
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "38f8c7ac1282"
down_revision = "239fec5c43c4"
branch_labels = None
depends_on = None


def upgrade():
    op.alter_column(  # expect: F27
        "orders",
        "stage",
        existing_type=sa.Enum("new", "paid", name="stage"),
        type_=sa.Enum("new", "paid", "sent", name="stage"),
        existing_nullable=True,
    )


def downgrade():
    raise NotImplementedError("nothing was done")
