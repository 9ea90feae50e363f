# dialect: postgresql
"""preferences

Revision ID: 0454da13d93d
Revises: 8d0add35503c
Create Date: 2026-05-12 10:04:31.207113
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "0454da13d93d"
down_revision = "8d0add35503c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "events", sa.Column("extra", sa.JSON(), nullable=False, server_default='{"time": 1}')
    )
    op.execute("""UPDATE events SET body = '{"x": 1}' WHERE id = 3""")
    op.execute("UPDATE events SET body = jsonb_set(body, '{a,b}', 'true') WHERE id = 4")


def downgrade() -> None:
    op.drop_column("events", "extra")
