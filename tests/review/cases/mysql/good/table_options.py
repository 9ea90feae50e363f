# dialect: mysql
"""options of a new table, and those that are metadata

Revision ID: fc9690511f89
Revises: 6d14ba7b8044
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "fc9690511f89"
down_revision = "6d14ba7b8044"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", sa.String(50), nullable=False),
    )
    op.execute("ALTER TABLE notes ENGINE=InnoDB ROW_FORMAT=DYNAMIC, PARTITION BY HASH (id) PARTITIONS 4")
    op.execute("ALTER TABLE notes MODIFY title VARCHAR(60) NOT NULL")
    op.execute("ALTER TABLE orders AUTO_INCREMENT=1000, COMMENT='paid and open'")


def downgrade():
    op.drop_table("notes")
