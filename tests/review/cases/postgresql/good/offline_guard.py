# dialect: postgresql
"""reads only when there is a connection

Revision ID: 9ff1c657b7c1
Revises: 4aa9098263d8
Create Date: 2026-03-21 09:43:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "9ff1c657b7c1"
down_revision = "4aa9098263d8"
branch_labels = None
depends_on = None


def upgrade():
    if not op.get_context().as_sql:
        count = op.get_bind().execute(sa.text("SELECT count(*) FROM customers")).scalar()
        print(f"{count} customers")
    op.add_column("customers", sa.Column("vat_id", sa.String(20), nullable=True))


def downgrade():
    op.drop_column("customers", "vat_id")
