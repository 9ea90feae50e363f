# dialect: postgresql
"""the application sets it

Revision ID: 31993d31a5a7
Revises: b8bf18b213d6
Create Date: 2026-03-18 09:31:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "31993d31a5a7"
down_revision = "b8bf18b213d6"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        """
        ALTER TABLE orders ADD COLUMN lane text NOT NULL DEFAULT 'a';
        ALTER TABLE orders ALTER COLUMN lane DROP DEFAULT;  -- expect: C08
        """
    )


def downgrade():
    op.execute("ALTER TABLE orders DROP COLUMN lane")
