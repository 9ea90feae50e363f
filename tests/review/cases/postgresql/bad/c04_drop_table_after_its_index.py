# dialect: postgresql
# setup: CREATE TABLE old_ledger (id bigint PRIMARY KEY, booked_on date); CREATE INDEX ix_old_ledger_booked_on ON old_ledger (booked_on)
"""the ledger lives elsewhere now

Revision ID: 0b7f6d2ce914
Revises: 93e680178879
Create Date: 2026-04-09 11:05:40.700163
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "0b7f6d2ce914"
down_revision = "93e680178879"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_old_ledger_booked_on", table_name="old_ledger")
    op.drop_table("old_ledger")  # expect: C04


def downgrade() -> None:
    op.create_table(
        "old_ledger",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_old_ledger_booked_on", "old_ledger", ["booked_on"])
