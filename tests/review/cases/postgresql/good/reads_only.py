# dialect: postgresql
"""look before we leap

Revision ID: dd62cc7c2d86
Revises: d61ca6eafd0f
Create Date: 2026-03-05 09:36:11.204518
"""

import logging

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "dd62cc7c2d86"
down_revision = "d61ca6eafd0f"
branch_labels = None
depends_on = None


log = logging.getLogger(__name__)


def upgrade() -> None:
    bind = op.get_bind()
    missing = bind.execute(sa.text("SELECT count(*) FROM customers WHERE email IS NULL")).scalar_one()
    if missing:
        log.info("%d customers have no email", missing)
    columns = {column["name"] for column in sa.inspect(bind).get_columns("customers")}
    if "nickname" not in columns:
        op.add_column("customers", sa.Column("nickname", sa.String(40), nullable=True))


def downgrade() -> None:
    op.drop_column("customers", "nickname")
