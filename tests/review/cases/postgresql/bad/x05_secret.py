# dialect: postgresql
# runs: no
"""a role for reports

Revision ID: 0eca9c736557
Revises: 6d6bf25c5745
Create Date: 2026-03-10 09:33:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "0eca9c736557"
down_revision = "6d6bf25c5745"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE ROLE reporting LOGIN PASSWORD 'hunter2-is-not-safe'")  # expect: X05


def downgrade():
    op.execute("DROP ROLE reporting")
