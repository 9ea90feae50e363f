# dialect: postgresql
"""better name

Revision ID: c6f6a6c045fb
Revises: db43cef2d931
Create Date: 2026-03-16 09:30:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "c6f6a6c045fb"
down_revision = "db43cef2d931"
branch_labels = None
depends_on = None


def upgrade():
    op.execute('ALTER TABLE "customers" RENAME "notes" TO "remarks"')  # expect: C01


def downgrade():
    op.execute('ALTER TABLE "customers" RENAME COLUMN "remarks" TO "notes"')
