# dialect: mysql
"""locale

Revision ID: 816f839cd166
Revises: d8e4aef53e21
Create Date: 2026-03-08 09:02:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "816f839cd166"
down_revision = "d8e4aef53e21"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customers", sa.Column("locale", sa.String(5), nullable=False))  # expect: F01|D10


def downgrade() -> None:
    op.drop_column("customers", "locale")
