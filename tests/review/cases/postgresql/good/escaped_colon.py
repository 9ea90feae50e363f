# dialect: postgresql
"""a time and a cast

Revision ID: 763903de9fdc
Revises: 15fc192f157f
Create Date: 2026-03-21 09:45:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "763903de9fdc"
down_revision = "15fc192f157f"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("INSERT INTO old_reports (id, title) VALUES (77, 'due at 10\\:30')")
    op.execute("UPDATE old_reports SET title = title::varchar(30) WHERE id = 77 AND title LIKE '%a:b%'")


def downgrade():
    op.execute("DELETE FROM old_reports WHERE id = 77")
