# dialect: postgresql
"""clients, and a view for the old code

Revision ID: 769a11921e9b
Revises: 1e30c12bfd72
Create Date: 2026-03-21 09:49:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "769a11921e9b"
down_revision = "1e30c12bfd72"
branch_labels = None
depends_on = None


def upgrade():
    op.rename_table("old_reports", "reports")
    op.execute("CREATE VIEW old_reports AS SELECT * FROM reports")


def downgrade():
    op.execute("DROP VIEW old_reports")
    op.rename_table("reports", "old_reports")
