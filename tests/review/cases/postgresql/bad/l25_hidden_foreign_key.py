# dialect: postgresql
"""approver with a reference

Revision ID: d19d293cbc70
Revises: d7af152f4288
Create Date: 2026-03-06 09:39:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "d19d293cbc70"
down_revision = "d7af152f4288"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(  # expect: L25
        "orders",
        sa.Column("approved_by", sa.Integer(), sa.ForeignKey("customers.id"), nullable=True),
    )


def downgrade() -> None:
    op.drop_column("orders", "approved_by")
