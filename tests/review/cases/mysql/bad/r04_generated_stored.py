# dialect: mysql
"""full name

Revision ID: 5b997eb299c7
Revises: 96cfc47bfc98
Create Date: 2026-03-13 09:14:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "5b997eb299c7"
down_revision = "96cfc47bfc98"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(  # expect: R04|L27
        "customers",
        sa.Column("label", sa.String(200), sa.Computed("concat(name, ' ', email)", persisted=True)),
    )


def downgrade() -> None:
    op.drop_column("customers", "label")
