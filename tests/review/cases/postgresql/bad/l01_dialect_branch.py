# dialect: postgresql
"""only the branch of the target counts

Revision ID: 24e8415aef31
Revises: c5e6c90c5353
Create Date: 2026-03-19 09:29:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "24e8415aef31"
down_revision = "c5e6c90c5353"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        op.create_index("ix_customers_email", "customers", ["email"])
    elif bind.dialect.name == "postgresql":
        bind.execute(sa.text("CREATE INDEX ix_customers_email ON customers (lower(email))"))  # expect: L01


def downgrade():
    op.drop_index("ix_customers_email", table_name="customers")
