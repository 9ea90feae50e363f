# dialect: postgresql
"""two columns in one statement

Revision ID: 3ffbfe527aa3
Revises: 946e7e2ccefc
Create Date: 2026-03-27 09:50:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "3ffbfe527aa3"
down_revision = "946e7e2ccefc"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("""
    ALTER TABLE orders  -- expect: C03
        DROP COLUMN IF EXISTS coupon,
        DROP COLUMN IF EXISTS payload;  -- allow: C03
    """)


def downgrade():
    op.execute("ALTER TABLE orders ADD COLUMN coupon varchar(40), ADD COLUMN payload json")
