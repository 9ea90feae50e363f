# dialect: postgresql
"""attach a partition whose rows are known to fit

Revision ID: a56c2471086c
Revises: e05332698e0a
Create Date: 2026-03-08 09:53:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "a56c2471086c"
down_revision = "e05332698e0a"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("""
        CREATE TABLE measurements_2026 (LIKE measurements INCLUDING DEFAULTS);
        ALTER TABLE measurements_2026 ADD CONSTRAINT fits
            CHECK (logged_on >= '2026-01-01' AND logged_on < '2027-01-01');
        ALTER TABLE measurements ATTACH PARTITION measurements_2026
            FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    """)
    op.execute(
        "CREATE TABLE measurements_2027 PARTITION OF measurements "
        "FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')"
    )


def downgrade():
    op.execute("DROP TABLE measurements_2027")
    op.execute("DROP TABLE measurements_2026")
