# dialect: postgresql
"""a scratch table

Revision ID: c79daeba1903
Revises: f50aa1e8807f
Create Date: 2026-03-19 09:48:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "c79daeba1903"
down_revision = "f50aa1e8807f"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE TEMPORARY TABLE scratch (id integer, score integer) ON COMMIT DROP")
    op.execute("INSERT INTO scratch SELECT id, score FROM customers WHERE id < 10")
    op.execute("CREATE INDEX ON scratch (id)")
    op.execute("DELETE FROM scratch")
    op.execute("DROP TABLE scratch")


def downgrade():
    pass
