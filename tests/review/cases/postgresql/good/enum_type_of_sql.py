# dialect: postgresql
"""the type the column was given in SQL

Revision ID: 3b6ebb03d0db
Revises: bf183c97a37e
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "3b6ebb03d0db"
down_revision = "bf183c97a37e"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE TYPE stage AS ENUM ('new', 'paid')")
    op.execute("ALTER TABLE orders ADD COLUMN stage stage")
    op.alter_column("orders", "stage", type_=sa.Enum("new", "paid", name="stage"))


def downgrade():
    op.execute("ALTER TABLE orders DROP COLUMN stage")
    op.execute("DROP TYPE stage")
