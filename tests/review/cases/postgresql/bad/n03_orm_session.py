# dialect: postgresql
"""row by row

Revision ID: c40863f6b853
Revises: d744f2b2b94c
Create Date: 2026-03-22 09:41:11.204518
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy import orm

# revision identifiers, used by Alembic.
revision = "c40863f6b853"
down_revision = "d744f2b2b94c"
branch_labels = None
depends_on = None


def upgrade():
    session = orm.Session(bind=op.get_bind())  # expect: N03
    for row in session.execute(sa.text("SELECT id, name FROM customers")).all():
        session.execute(
            sa.text("UPDATE customers SET notes = :note WHERE id = :id"),
            {"note": row.name.title(), "id": row.id},
        )


def downgrade():
    pass
