# dialect: postgresql
"""speed up the order search

Revision ID: 414cd3688f47
Revises: af31d2f22b60
Create Date: 2026-03-02 09:21:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "414cd3688f47"
down_revision = "af31d2f22b60"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        """
        -- CREATE INDEX CONCURRENTLY would be nicer; see the wiki
        /* the search page sorts by
           reference */
        CREATE INDEX ix_orders_reference  -- expect: L01
            ON orders (reference);
        """
    )


def downgrade():
    op.execute("DROP INDEX ix_orders_reference")
