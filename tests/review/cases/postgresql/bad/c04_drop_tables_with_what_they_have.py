# dialect: postgresql
# setup: CREATE TABLE old_rack (id bigint PRIMARY KEY, code text); CREATE INDEX ix_old_rack_code ON old_rack (code); CREATE TABLE old_bin (id bigint PRIMARY KEY, code text); CREATE INDEX ix_old_bin_code ON old_bin (code)
"""racks and bins are measured no more

Revision ID: 7d20c5e8b1f3
Revises: 93e680178879
Create Date: 2026-04-11 08:31:12.004120
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "7d20c5e8b1f3"
down_revision = "93e680178879"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_old_bin_code", table_name="old_bin")
    op.drop_table("old_bin")  # expect: C04
    op.drop_index("ix_old_rack_code", table_name="old_rack")
    op.drop_table("old_rack")  # expect: C04
    op.add_column("customers", sa.Column("rack_code", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("customers", "rack_code")
    for table in ("old_rack", "old_bin"):
        op.create_table(
            table,
            sa.Column("id", sa.BigInteger(), primary_key=True),
            sa.Column("code", sa.Text(), nullable=True),
        )
        op.create_index(f"ix_{table}_code", table, ["code"])
