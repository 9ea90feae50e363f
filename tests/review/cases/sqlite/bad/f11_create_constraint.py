# dialect: sqlite
"""unique

Revision ID: 1a27ccf53536
Revises: e92ee46d8b47
Create Date: 2026-03-22 09:07:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "1a27ccf53536"
down_revision = "e92ee46d8b47"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_unique_constraint("uq_customers_email", "customers", ["email"])  # expect: F11


def downgrade() -> None:
    with op.batch_alter_table("customers") as batch_op:
        batch_op.drop_constraint("uq_customers_email", type_="unique")
