# dialect: postgresql
"""a small lookup table with its rows

Revision ID: 69254302857d
Revises: 5781d6ffc36b
Create Date: 2026-03-11 09:44:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "69254302857d"
down_revision = "5781d6ffc36b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    currencies = op.create_table(
        "currencies",
        sa.Column("code", sa.String(3), primary_key=True),
        sa.Column("title", sa.String(40), nullable=False),
    )
    op.bulk_insert(
        currencies,
        [
            {"code": "EUR", "title": "Euro"},
            {"code": "USD", "title": "US Dollar"},
            {"code": "JPY", "title": "Yen"},
        ],
    )
    op.execute("UPDATE currencies SET title = 'Dollar'")


def downgrade() -> None:
    op.drop_table("currencies")
