# dialect: postgresql
"""wider, in SQL, which does not state the type before

Revision ID: wd0002
Revises: wd0001
Create Date: 2026-03-07 09:48:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "wd0002"
down_revision = "wd0001"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE parcels ALTER COLUMN code TYPE varchar(40), ALTER COLUMN fee TYPE numeric(10, 2)")
    op.execute("ALTER TABLE parcels ALTER COLUMN code SET NOT NULL")


def downgrade():
    op.execute("ALTER TABLE parcels ALTER COLUMN code TYPE varchar(10), ALTER COLUMN fee TYPE numeric(6, 2)")
