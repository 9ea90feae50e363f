# dialect: postgresql
# runs: up
"""half way back

Revision ID: 3b598bd92ce8
Revises: 6cc79073b1b5
Create Date: 2026-03-01 09:25:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "3b598bd92ce8"
down_revision = "6cc79073b1b5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("labels", sa.Column("id", sa.Integer(), primary_key=True))
    op.add_column("orders", sa.Column("label_id", sa.Integer(), nullable=True))


def downgrade() -> None:  # expect: V02
    op.drop_table("labels")
