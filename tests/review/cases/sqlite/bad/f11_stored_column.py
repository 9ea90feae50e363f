# dialect: sqlite
"""a stored column, outside a batch block

Revision ID: e1f11bb61523
Revises: 4fb6c3c87e51
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "e1f11bb61523"
down_revision = "4fb6c3c87e51"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(  # expect: F11
        "orders", sa.Column("gross", sa.Integer(), sa.Computed("net + tax", persisted=True))
    )
    op.execute("ALTER TABLE orders ADD COLUMN position INTEGER PRIMARY KEY")  # expect: F11


def downgrade():
    op.drop_column("orders", "position")
    op.drop_column("orders", "gross")
