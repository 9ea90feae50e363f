# dialect: postgresql
# runs: no
"""first customer renamed, with the session of the application

Revision ID: 29b109a24e24
Revises: af34c6329bcc
Create Date: 2026-05-12 10:04:31.207113
"""

from alembic import op
from shop import db  # expect: N02

# revision identifiers, used by Alembic.
revision = "29b109a24e24"
down_revision = "af34c6329bcc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SELECT 1")
    db.session.execute("UPDATE customers SET name = 'First' WHERE id = 1")
    db.session.commit()  # expect: T01


def downgrade() -> None:
    pass
