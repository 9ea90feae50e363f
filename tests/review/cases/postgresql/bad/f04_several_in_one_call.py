# dialect: postgresql
# runs: no
"""two statements in one call

Revision ID: 677bd572681b
Revises: f182d40e04a8
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "677bd572681b"
down_revision = "f182d40e04a8"
branch_labels = None
depends_on = None


def upgrade():
    with op.get_context().autocommit_block():
        op.execute(
            """
            SET lock_timeout = '5s';
            CREATE INDEX CONCURRENTLY ix_orders_total ON orders (total);  -- expect: F04
            """
        )  # allow(-3): T04
        op.execute("VACUUM orders; ANALYZE customers")  # expect: T03


def downgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY ix_orders_total")
