# dialect: mysql
"""columns MySQL refuses

Revision ID: 7fbdb619ae43
Revises: 720552ac05b3
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "7fbdb619ae43"
down_revision = "720552ac05b3"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", sa.String()),
    )  # expect(-4): F26
    op.add_column("orders", sa.Column("remark", sa.Text(), server_default="none"))  # expect: F26


def downgrade():
    op.drop_column("orders", "remark")
    op.drop_table("notes")
