# dialect: postgresql
# runs: no
"""the view needs it

Revision ID: a7d28224ab2f
Revises: 7bd170d4b05f
Create Date: 2026-03-18 09:35:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "a7d28224ab2f"
down_revision = "7bd170d4b05f"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE VIEW shipped AS SELECT id, shipped_at FROM orders WHERE shipped_at IS NOT NULL")
    op.drop_column("orders", "shipped_at")  # expect: F20|C03


def downgrade():
    op.add_column("orders", sa.Column("shipped_at", sa.DateTime(), nullable=True))
    op.execute("DROP VIEW shipped")
