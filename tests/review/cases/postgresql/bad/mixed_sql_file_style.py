# dialect: postgresql
"""many statements in one string

Revision ID: 67c81176cd25
Revises: 84b3bf0a1b56
Create Date: 2026-03-27 09:45:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "67c81176cd25"
down_revision = "84b3bf0a1b56"
branch_labels = None
depends_on = None


STATEMENTS = [
    "ALTER TABLE products ADD COLUMN brand text",  # allow: C05
    "CREATE INDEX ix_products_brand ON products (brand)",  # expect: L01
    "ALTER TABLE products DROP COLUMN weight",  # expect: C03
]


def upgrade():
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade():
    op.execute("ALTER TABLE products ADD COLUMN weight text")
    op.execute("DROP INDEX ix_products_brand")
    op.execute("ALTER TABLE products DROP COLUMN brand")
