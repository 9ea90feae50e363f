# dialect: postgresql
"""users and groups

Revision ID: ba0a316e87c9
Revises: e9a95738c3bb
Create Date: 2026-03-14 09:14:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "ba0a316e87c9"
down_revision = "e9a95738c3bb"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "memberships",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("user", sa.String(40), nullable=False),  # expect: K01
    )


def downgrade() -> None:
    op.drop_table("memberships")
