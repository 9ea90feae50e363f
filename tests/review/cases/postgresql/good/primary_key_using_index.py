# dialect: postgresql
"""a key in two steps; the column is NOT NULL already

Revision ID: 674ead935bea
Revises: 6efa954b8a2e
Create Date: 2026-03-08 09:09:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "674ead935bea"
down_revision = "6efa954b8a2e"
branch_labels = None
depends_on = None


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("CREATE UNIQUE INDEX CONCURRENTLY invoices_pkey ON invoices (id)")
    op.execute("ALTER TABLE invoices ADD CONSTRAINT invoices_pkey PRIMARY KEY USING INDEX invoices_pkey")


def downgrade():
    op.drop_constraint("invoices_pkey", "invoices", type_="primary")
