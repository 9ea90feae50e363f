# dialect: postgresql
"""one statement in each call, whatever the punctuation

Revision ID: 75586c7b62e0
Revises: 72f72a151cd5
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "75586c7b62e0"
down_revision = "72f72a151cd5"
branch_labels = None
depends_on = None


def upgrade():
    with op.get_context().autocommit_block():
        for name, column in (("ix_orders_total", "total"), ("ix_orders_reference", "reference")):
            op.execute(
                f"""
                -- {name}; built online
                CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON orders ({column});
                """
            )
        op.execute("ANALYZE orders; ANALYZE customers;")


def downgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_orders_total")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_orders_reference")
