# dialect: postgresql
"""give the space back

Revision ID: 09192fd5887c
Revises: 2cd848a4df88
Create Date: 2026-03-12 09:21:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "09192fd5887c"
down_revision = "2cd848a4df88"
branch_labels = None
depends_on = None


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("VACUUM FULL orders")  # expect: L20
        op.execute("CLUSTER customers USING customers_pkey")  # expect: L20


def downgrade():
    pass
