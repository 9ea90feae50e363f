# dialect: mysql
"""a whole text as a key

Revision ID: 618b64fb2a12
Revises: 5e3fe45531a1
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "618b64fb2a12"
down_revision = "5e3fe45531a1"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("body", sa.Text()),
    )
    op.create_index("ix_notes_body", "notes", ["body"])  # expect: F21


def downgrade():
    op.drop_table("notes")
