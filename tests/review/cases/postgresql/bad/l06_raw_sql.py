# dialect: postgresql
"""check with a semicolon in a literal

Revision ID: d2b7d4842b9f
Revises: 0ad2663f020c
Create Date: 2026-03-25 09:38:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "d2b7d4842b9f"
down_revision = "0ad2663f020c"
branch_labels = None
depends_on = None


SQL = """
ALTER TABLE customers ADD CONSTRAINT ck_customers_name CHECK (name <> ';');  -- expect: L06
"""


def upgrade():
    op.execute(SQL)


def downgrade():
    op.execute("ALTER TABLE customers DROP CONSTRAINT ck_customers_name")
