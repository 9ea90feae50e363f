# dialect: postgresql
# setup: CREATE TYPE stage AS ENUM ('new', 'paid')
# setup: ALTER TABLE orders ADD COLUMN stage stage
# runs: up
"""the value is added, then the type restated

Revision ID: eb6e8c6b0aec
Revises: 5a2a338ea757
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "eb6e8c6b0aec"
down_revision = "5a2a338ea757"
branch_labels = None
depends_on = None


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE stage ADD VALUE IF NOT EXISTS 'sent'")
    op.alter_column(
        "orders",
        "stage",
        existing_type=sa.Enum("new", "paid", name="stage"),
        type_=sa.Enum("new", "paid", "sent", name="stage"),
        existing_nullable=True,
    )


def downgrade():
    raise NotImplementedError("a value cannot be taken back")
