# dialect: postgresql
"""locale is set, for new rows

Revision ID: cc0004
Revises: cc0003
Create Date: 2026-03-17 09:50:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "cc0004"
down_revision = "cc0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE customers ADD CONSTRAINT ck_locale CHECK (locale IS NOT NULL) NOT VALID"
    )


def downgrade() -> None:
    op.drop_constraint("ck_locale", "customers", type_="check")
