# dialect: mysql
"""one more state at the end

Revision ID: 154f054f1708
Revises: d478a586739e
Create Date: 2026-03-15 09:49:11.204518
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

# revision identifiers, used by Alembic.
revision = "154f054f1708"
down_revision = "d478a586739e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column(
        "orders",
        "state",
        existing_type=mysql.ENUM("new", "paid", "cancelled"),
        type_=mysql.ENUM("new", "paid", "cancelled", "refunded"),
        existing_nullable=False,
        existing_server_default=sa.text("'new'"),
    )


def downgrade() -> None:
    op.alter_column(
        "orders",
        "state",
        existing_type=mysql.ENUM("new", "paid", "cancelled", "refunded"),
        type_=mysql.ENUM("new", "paid", "cancelled"),
        existing_nullable=False,
        existing_server_default=sa.text("'new'"),
    )
