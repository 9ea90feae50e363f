# dialect: postgresql
"""the index follows the new table through a rename

Revision ID: b799971e31a6
Revises: 3998b1ff11f0
Create Date: 2026-03-16 09:22:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "b799971e31a6"
down_revision = "3998b1ff11f0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("tmp_sizes", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("cm", sa.Integer()))
    op.rename_table("tmp_sizes", "sizes")
    op.create_index("ix_sizes_cm", "sizes", ["cm"])
    op.alter_column("sizes", "cm", new_column_name="centimetres")


def downgrade() -> None:
    op.drop_table("sizes")
