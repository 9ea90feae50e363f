# dialect: postgresql
"""validate while the table is locked

Revision ID: efeac2edbfdf
Revises: 960dd1f31ffd
Create Date: 2026-03-23 09:31:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "efeac2edbfdf"
down_revision = "960dd1f31ffd"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE invoices ADD COLUMN currency char(3)")
    op.execute("CREATE INDEX ix_invoices_currency ON invoices (currency)")  # expect: L01|L04


def downgrade():
    op.execute("ALTER TABLE invoices DROP COLUMN currency")
