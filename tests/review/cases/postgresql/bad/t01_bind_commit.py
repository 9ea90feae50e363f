# dialect: postgresql
# runs: no
"""the connection commits

Revision ID: bee5b1c5911e
Revises: da6c3f64bb0c
Create Date: 2026-03-21 09:56:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "bee5b1c5911e"
down_revision = "da6c3f64bb0c"
branch_labels = None
depends_on = None


def upgrade():
    conn = op.get_bind()
    conn.execute(sa.text("UPDATE orders SET coupon = NULL WHERE coupon = ''"))
    conn.commit()  # expect: T01


def downgrade():
    pass
