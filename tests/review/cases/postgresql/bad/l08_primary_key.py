# dialect: postgresql
"""invoices get a key

Revision ID: 9b535bb86920
Revises: 2a4187d61d18
Create Date: 2026-03-18 09:58:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "9b535bb86920"
down_revision = "2a4187d61d18"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_primary_key("pk_invoices", "invoices", ["id"])  # expect: L08


def downgrade() -> None:
    op.drop_constraint("pk_invoices", "invoices", type_="primary")
