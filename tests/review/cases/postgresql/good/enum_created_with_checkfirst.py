# dialect: postgresql
"""channel of an order

Revision ID: ec2525c39a8e
Revises: b127126272fb
Create Date: 2026-03-19 09:34:11.204518
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = "ec2525c39a8e"
down_revision = "b127126272fb"
branch_labels = None
depends_on = None


channel = postgresql.ENUM("web", "shop", "phone", name="order_channel", create_type=False)


def upgrade() -> None:
    channel.create(op.get_bind(), checkfirst=True)
    op.add_column("orders", sa.Column("channel", channel, nullable=True))


def downgrade() -> None:
    op.drop_column("orders", "channel")
    channel.drop(op.get_bind(), checkfirst=True)
