# dialect: postgresql
"""a shorter name for the door, and no more of the old code

Revision ID: 4c1de0a7752b
Revises: 93e680178879
Create Date: 2026-04-02 16:40:02.113450
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "4c1de0a7752b"
down_revision = "93e680178879"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("customers") as batch_op:
        batch_op.add_column(sa.Column("doorplate", sa.String(60), nullable=True))
        batch_op.drop_column("legacy_code")  # expect: C03


def downgrade() -> None:
    with op.batch_alter_table("customers") as batch_op:
        batch_op.add_column(sa.Column("legacy_code", sa.String(20), nullable=True))
        batch_op.drop_column("doorplate")
