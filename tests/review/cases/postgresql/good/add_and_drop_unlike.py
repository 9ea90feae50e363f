# dialect: postgresql
"""a nullable column and a table that is new

Revision ID: cf4dd4a5d1fd
Revises: fc22997753a4
Create Date: 2026-03-20 09:44:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "cf4dd4a5d1fd"
down_revision = "fc22997753a4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("draft_state", sa.String(12), nullable=True),
    )
    op.drop_column("drafts", "draft_state")
    op.add_column("drafts", sa.Column("state", sa.String(12), nullable=True))


def downgrade() -> None:
    op.drop_table("drafts")
