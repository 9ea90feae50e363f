# dialect: sqlite
"""a new table

Revision ID: 7a6695833538
Revises: 6777fca77871
Create Date: 2026-03-05 09:45:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "7a6695833538"
down_revision = "6777fca77871"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "carriers",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", sa.DateTime(), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("id > 0", name="ck_carriers_id"),
    )


def downgrade() -> None:
    op.drop_table("carriers")
