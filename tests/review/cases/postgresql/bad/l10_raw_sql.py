# dialect: postgresql
"""amount is required

Revision ID: 04597c7fee69
Revises: ea923b7158ff
Create Date: 2026-03-07 09:07:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "04597c7fee69"
down_revision = "ea923b7158ff"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE orders ALTER COLUMN amount SET NOT NULL")  # expect: L10


def downgrade():
    op.execute("ALTER TABLE orders ALTER COLUMN amount DROP NOT NULL")
