# dialect: postgresql
"""one row by its key

Revision ID: ee562fe6c04a
Revises: e2b64da59d69
Create Date: 2026-03-10 09:27:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "ee562fe6c04a"
down_revision = "e2b64da59d69"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        sa.text("UPDATE customers SET notes = :note WHERE id = :id").bindparams(note="vip", id=7)
    )
    settings = sa.table("old_reports", sa.column("id", sa.Integer), sa.column("title", sa.String))
    op.bulk_insert(settings, [{"id": 9001, "title": "Yearly"}, {"id": 9002, "title": "Daily"}])


def downgrade() -> None:
    op.execute("DELETE FROM old_reports WHERE id IN (9001, 9002)")
    op.execute(sa.text("UPDATE customers SET notes = NULL WHERE id = :id").bindparams(id=7))
