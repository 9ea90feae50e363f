# dialect: postgresql
"""clients

Revision ID: 9f7e93ca8122
Revises: 9fd29476a219
Create Date: 2026-03-03 09:43:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "9f7e93ca8122"
down_revision = "9fd29476a219"
branch_labels = None
depends_on = None


OLD, NEW = "products", "articles"


def upgrade():
    op.execute("ALTER TABLE {} RENAME TO {}".format(OLD, NEW))  # expect: C02


def downgrade():
    op.execute("ALTER TABLE {} RENAME TO {}".format(NEW, OLD))
