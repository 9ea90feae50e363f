# dialect: postgresql
"""fill scores in batches

Revision ID: ac5f17b49f5e
Revises: fc93d828c7c6
Create Date: 2026-03-16 09:09:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "ac5f17b49f5e"
down_revision = "fc93d828c7c6"
branch_labels = None
depends_on = None


customers = sa.table("customers", sa.column("id", sa.Integer), sa.column("score", sa.Integer))


def upgrade() -> None:
    with op.get_context().autocommit_block():
        bind = op.get_bind()
        last = 0
        while True:
            ids = bind.execute(
                sa.select(customers.c.id).where(customers.c.id > last).order_by(customers.c.id).limit(500)
            ).scalars().all()
            if not ids:
                break
            bind.execute(
                customers.update().where(customers.c.id.in_(ids)).values(score=customers.c.id)
            )
            last = ids[-1]


def downgrade() -> None:
    """The scores may stay."""
