# dialect: sqlite
"""computed columns in every way that works

Revision ID: 4d5f3e3d8842
Revises: 4ce709563359
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "4d5f3e3d8842"
down_revision = "4ce709563359"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "lines",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("net", sa.Integer()),
        sa.Column("twice", sa.Integer(), sa.Computed("net * 2", persisted=True)),
    )
    op.add_column("lines", sa.Column("thrice", sa.Integer(), sa.Computed("net * 3", persisted=True)))
    op.add_column("orders", sa.Column("half", sa.Integer(), sa.Computed("net / 2", persisted=False)))
    with op.batch_alter_table("orders") as batch_op:
        batch_op.add_column(sa.Column("gross", sa.Integer(), sa.Computed("net + 1", persisted=True)))


def downgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_column("gross")
        batch_op.drop_column("half")
    op.drop_table("lines")
