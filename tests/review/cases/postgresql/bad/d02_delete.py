# dialect: postgresql
"""remove the events

Revision ID: 628cede8e57b
Revises: 846d43647629
Create Date: 2026-03-25 09:26:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "628cede8e57b"
down_revision = "846d43647629"
branch_labels = None
depends_on = None


def upgrade():
    conn = op.get_bind()
    conn.execute(sa.text("DELETE FROM events"))  # expect: D02


def downgrade():
    raise NotImplementedError("the events are gone")
