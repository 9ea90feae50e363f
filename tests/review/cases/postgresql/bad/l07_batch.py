# dialect: postgresql
"""unique reference

Revision ID: d0268521120d
Revises: 0be66e27e6c4
Create Date: 2026-03-06 09:43:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "d0268521120d"
down_revision = "0be66e27e6c4"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("orders") as batch:
        batch.create_unique_constraint("uq_orders_reference", ["reference"])  # expect: L07


def downgrade():
    with op.batch_alter_table("orders") as batch:
        batch.drop_constraint("uq_orders_reference", type_="unique")
