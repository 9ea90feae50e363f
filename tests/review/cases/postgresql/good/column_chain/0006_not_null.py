# dialect: postgresql
"""locale is NOT NULL

Revision ID: cc0006
Revises: cc0005
Create Date: 2026-03-27 09:37:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "cc0006"
down_revision = "cc0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("customers") as batch_op:
        batch_op.alter_column("locale", existing_type=sa.String(5), nullable=False)
        batch_op.drop_constraint("ck_locale", type_="check")


def downgrade() -> None:
    with op.batch_alter_table("customers") as batch_op:
        batch_op.alter_column("locale", existing_type=sa.String(5), nullable=True)
    op.execute("ALTER TABLE customers ADD CONSTRAINT ck_locale CHECK (locale IS NOT NULL) NOT VALID")
