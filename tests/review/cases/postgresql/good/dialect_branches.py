# dialect: postgresql
"""each database its way

Revision ID: 8d92ecc8c14f
Revises: 8f4cf783d901
Create Date: 2026-03-18 09:31:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "8d92ecc8c14f"
down_revision = "8f4cf783d901"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.create_index(
                "ix_customers_phone", "customers", ["phone"], postgresql_concurrently=True
            )
    else:
        op.create_index("ix_customers_phone", "customers", ["phone"])


def downgrade():
    if op.get_context().dialect.name != "postgresql":
        op.drop_index("ix_customers_phone", table_name="customers")
        return
    with op.get_context().autocommit_block():
        op.drop_index("ix_customers_phone", table_name="customers", postgresql_concurrently=True)
