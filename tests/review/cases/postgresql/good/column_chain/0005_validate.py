# dialect: postgresql
"""locale is set

Revision ID: cc0005
Revises: cc0004
Create Date: 2026-03-02 09:35:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "cc0005"
down_revision = "cc0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE customers VALIDATE CONSTRAINT ck_locale")


def downgrade() -> None:
    pass
