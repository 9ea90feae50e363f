# dialect: mysql
"""real unicode

Revision ID: 939cf89d467f
Revises: 810e23c6b749
Create Date: 2026-03-06 09:36:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "939cf89d467f"
down_revision = "810e23c6b749"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE customers CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")  # expect: L27|R08


def downgrade():
    op.execute("ALTER TABLE customers CONVERT TO CHARACTER SET latin1")
