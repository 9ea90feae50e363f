# dialect: postgresql
"""events of test runs go

Revision ID: 597c7886bce4
Revises: c6f9c58e9656
Create Date: 2026-03-26 09:05:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "597c7886bce4"
down_revision = "c6f9c58e9656"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("DELETE FROM events WHERE kind = 'test-run' AND id < 1000")


def downgrade():
    raise NotImplementedError("the deleted events cannot be restored; use the backup of the day")
