# dialect: postgresql
# runs: no
"""a nickname for customers

Revision ID: e9fa5f89b304
Revises: e593bd4d67d1
Create Date: 2026-05-12 10:04:31.207113
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "e9fa5f89b304"
down_revision = "e593bd4d67d1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE customers ADD COLUM nickname text")  # expect: F17


def downgrade() -> None:
    op.execute("ALTER TABLE customers DROP COLUMN nickname")
