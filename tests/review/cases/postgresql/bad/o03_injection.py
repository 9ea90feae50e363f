# dialect: postgresql
"""values in an f-string

Revision ID: 1965e767058a
Revises: c2dbbe8c435f
Create Date: 2026-03-25 09:52:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "1965e767058a"
down_revision = "c2dbbe8c435f"
branch_labels = None
depends_on = None


def upgrade():
    conn = op.get_bind()
    for row in conn.execute(sa.text("SELECT id, name FROM customers")):
        conn.execute(sa.text(f"UPDATE customers SET notes = '{row.name}' WHERE id = {row.id}"))  # expect: O03


def downgrade():
    pass
