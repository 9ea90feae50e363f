# dialect: mysql
"""text with an expression default and a prefix index

Revision ID: 0b85c5acd862
Revises: cb00428fdde0
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op
import sqlalchemy as sa

TITLE = int("80")

# revision identifiers, used by Alembic.
revision = "0b85c5acd862"
down_revision = "cb00428fdde0"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", sa.String(length=TITLE), nullable=False),
        sa.Column("tag", sa.String().with_variant(sa.String(20), "mysql")),
        sa.Column("body", sa.Text(), server_default=sa.text("('')")),
        sa.Column("extra", sa.JSON(), server_default=sa.text("(json_object())")),
    )
    op.create_index("ix_notes_body", "notes", ["body"], mysql_length={"body": 100})
    op.execute("CREATE INDEX ix_notes_body_title ON notes (body(40), title)")


def downgrade():
    op.drop_table("notes")
