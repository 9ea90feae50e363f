# dialect: postgresql
"""the foreign key, by hand

Revision ID: 7aaf00e62be3
Revises: 79fbdbd08519
Create Date: 2026-03-18 09:10:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "7aaf00e62be3"
down_revision = "79fbdbd08519"
branch_labels = None
depends_on = None


def upgrade():
    conn = op.get_bind()
    conn.execute(
        sa.text(
            "ALTER TABLE invoices "  # expect: L05
            "ADD CONSTRAINT fk_invoices_order "
            "FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE"
        )
    )


def downgrade():
    op.drop_constraint("fk_invoices_order", "invoices", type_="foreignkey")
