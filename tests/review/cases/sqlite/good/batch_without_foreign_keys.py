# dialect: sqlite
"""one user for one email

Revision ID: bb9ad4566852
Revises: 51234841e070
Create Date: 2026-05-12 10:04:31.207113
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "bb9ad4566852"
down_revision = "51234841e070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("PRAGMA foreign_keys=OFF")
    with op.batch_alter_table("users") as batch_op:
        batch_op.create_unique_constraint("uq_users_email", ["email"])


def downgrade() -> None:
    with op.batch_alter_table("users") as batch_op:
        batch_op.drop_constraint("uq_users_email", type_="unique")
