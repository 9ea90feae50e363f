# dialect: sqlite
# runs: no
"""users have a name

Revision ID: 195fe257b581
Revises: 037f03946820
Create Date: 2026-05-12 10:04:31.207113
"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "195fe257b581"
down_revision = "037f03946820"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE users SET name = '' WHERE name IS NULL AND id < 10")
    op.execute("PRAGMA foreign_keys=OFF")
    with op.batch_alter_table("users") as batch_op:  # expect: D06
        batch_op.alter_column("name", existing_type=sa.String(80), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("users") as batch_op:
        batch_op.alter_column("name", existing_type=sa.String(80), nullable=True)
