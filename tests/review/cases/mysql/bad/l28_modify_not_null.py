# dialect: mysql
"""MODIFY with NOT NULL

Revision ID: 62a21f9f6a70
Revises: 4ba827cadaea
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "62a21f9f6a70"
down_revision = "4ba827cadaea"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE users MODIFY nick VARCHAR(100) NOT NULL")  # expect: L28


def downgrade():
    op.execute("ALTER TABLE users MODIFY nick VARCHAR(100) NULL")
