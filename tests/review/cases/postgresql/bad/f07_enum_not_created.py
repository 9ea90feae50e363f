# dialect: postgresql
# runs: no
"""channel of an order

Revision ID: 2cc9ecdb91fa
Revises: ec2ac720c8ed
Create Date: 2026-03-04 09:33:11.204518
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = "2cc9ecdb91fa"
down_revision = "ec2ac720c8ed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    channel = postgresql.ENUM("web", "shop", "phone", name="order_channel", create_type=False)
    op.add_column("orders", sa.Column("channel", channel, nullable=True))  # expect: F07


def downgrade() -> None:
    op.drop_column("orders", "channel")
    op.execute("DROP TYPE order_channel")
