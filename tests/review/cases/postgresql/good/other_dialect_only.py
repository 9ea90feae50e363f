# dialect: postgresql
"""nothing to do on PostgreSQL

Revision ID: 7cf5283fd6f3
Revises: 6fb6e153261e
Create Date: 2026-03-09 09:01:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "7cf5283fd6f3"
down_revision = "6fb6e153261e"
branch_labels = None
depends_on = None


def upgrade():
    if op.get_bind().dialect.name == "mysql":
        op.execute("ALTER TABLE orders MODIFY COLUMN amount bigint NOT NULL")
        op.execute("ALTER TABLE orders ENGINE=InnoDB")


def downgrade():
    if op.get_bind().dialect.name == "mysql":
        op.execute("ALTER TABLE orders MODIFY COLUMN amount int NULL")
