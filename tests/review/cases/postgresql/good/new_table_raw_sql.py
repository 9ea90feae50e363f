# dialect: postgresql
"""the same, in SQL

Revision ID: 7825882109ec
Revises: 0f286ea9ed15
Create Date: 2026-03-08 09:01:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "7825882109ec"
down_revision = "0f286ea9ed15"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        """
        CREATE TABLE IF NOT EXISTS regions (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            code varchar(10) NOT NULL,  -- RENAME COLUMN code TO short_code, one day
            label text DEFAULT 'DROP TABLE; TRUNCATE' NOT NULL
        );
        CREATE UNIQUE INDEX uq_regions_code ON regions (code);
        ALTER TABLE regions ADD COLUMN area numeric NOT NULL;
        ALTER TABLE regions ADD CONSTRAINT ck_regions_area CHECK (area > 0);
        """
    )


def downgrade():
    op.execute("DROP TABLE regions")
