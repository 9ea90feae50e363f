# dialect: postgresql
"""drop a column through a DDL object

Revision ID: ca93b058e9ea
Revises: beeeffd3a80d
Create Date: 2026-05-12 10:04:31.207113
"""

from alembic import op
from sqlalchemy import DDL

# revision identifiers, used by Alembic.
revision = "ca93b058e9ea"
down_revision = "beeeffd3a80d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(DDL("ALTER TABLE %(table)s DROP COLUMN notes", context={"table": "customers"}))  # expect: C03


def downgrade() -> None:
    op.execute("ALTER TABLE customers ADD COLUMN notes text")
