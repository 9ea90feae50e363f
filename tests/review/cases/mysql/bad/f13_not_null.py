# dialect: mysql
"""users have an email

Revision ID: ff5061b9948f
Revises: 7c743cebad8e
Create Date: 2026-05-12 10:04:31.207113
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "ff5061b9948f"
down_revision = "7c743cebad8e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("users", "email", nullable=False)  # expect: F13


def downgrade() -> None:
    raise NotImplementedError("some emails were made up")
