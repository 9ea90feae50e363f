# dialect: postgresql
"""kind of an invoice

Revision ID: cafa77aabe77
Revises: f2b708868702
Create Date: 2026-03-13 09:51:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "cafa77aabe77"
down_revision = "f2b708868702"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TYPE invoice_kind AS ENUM ('debit', 'credit')")
    op.add_column(
        "invoices",
        sa.Column("kind", sa.Enum("debit", "credit", name="invoice_kind", create_type=False), nullable=True),
    )


def downgrade() -> None:
    op.drop_column("invoices", "kind")
    op.execute("DROP TYPE invoice_kind")
