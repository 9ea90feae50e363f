# dialect: postgresql
"""backfill and tighten in one go

Revision ID: 477d254a25fa
Revises: 530eb4904a78
Create Date: 2026-03-25 09:55:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "477d254a25fa"
down_revision = "530eb4904a78"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("UPDATE customers SET score = 0 WHERE score IS NULL")
    with op.batch_alter_table("customers") as batch_op:
        batch_op.alter_column("score", existing_type=sa.Integer(), nullable=False)  # expect: L10


def downgrade():
    with op.batch_alter_table("customers") as batch_op:
        batch_op.alter_column("score", existing_type=sa.Integer(), nullable=True)
