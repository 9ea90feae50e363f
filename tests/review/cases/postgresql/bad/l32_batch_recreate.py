# dialect: postgresql
"""batch habit

Revision ID: d91a2dfdc83d
Revises: 5957d89d97b2
Create Date: 2026-03-17 09:46:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "d91a2dfdc83d"
down_revision = "5957d89d97b2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("products", recreate="always") as batch_op:  # expect: L32
        batch_op.add_column(sa.Column("memo", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("products", "memo")
