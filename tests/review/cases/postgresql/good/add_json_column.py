# dialect: postgresql
"""preferences

Revision ID: 8a6c95788b51
Revises: 1182fcc3c373
Create Date: 2026-03-01 09:33:11.204518
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = "8a6c95788b51"
down_revision = "1182fcc3c373"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("preferences", postgresql.JSONB(astext_type=sa.Text()), nullable=True)
        )


def downgrade() -> None:
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.drop_column("preferences")
