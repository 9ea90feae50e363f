# dialect: sqlite
"""longer names, the SQLite way

Revision ID: 8e45f9638120
Revises: 8e46759fa022
Create Date: 2026-03-16 09:43:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "8e45f9638120"
down_revision = "8e46759fa022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.alter_column("name", existing_type=sa.String(80), type_=sa.String(200))
        batch_op.add_column(sa.Column("nickname", sa.String(40), nullable=True))
        batch_op.create_index(batch_op.f("ix_customers_nickname"), ["nickname"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customers_nickname"))
        batch_op.drop_column("nickname")
        batch_op.alter_column("name", existing_type=sa.String(200), type_=sa.String(80))
