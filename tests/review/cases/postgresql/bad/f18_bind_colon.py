# dialect: postgresql
# runs: no
"""default of a clock

Revision ID: e6a37817c714
Revises: 31c042e68767
Create Date: 2026-03-03 09:05:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "e6a37817c714"
down_revision = "31c042e68767"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("INSERT INTO old_reports (id, title) VALUES (1, 'due at 10:30 :today')")  # expect: F18


def downgrade():
    op.execute("DELETE FROM old_reports WHERE id = 1")
