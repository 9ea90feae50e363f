# dialect: postgresql
"""columns as pg_dump writes them

Revision ID: 3ae215a110c7
Revises: 51c786793666
Create Date: 2026-05-12 10:04:31.207113
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "3ae215a110c7"
down_revision = "51c786793666"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE products
            ADD COLUMN maker character varying(20) COLLATE "C" DEFAULT 'x'::character varying NOT NULL,
            ADD COLUMN note text DEFAULT NULL::text,
            ADD COLUMN trial interval day to second DEFAULT NULL,
            ADD COLUMN listed_at timestamp(3) with time zone DEFAULT now()
    """)


def downgrade() -> None:
    op.execute("""
        ALTER TABLE products
            DROP COLUMN listed_at, DROP COLUMN trial, DROP COLUMN note, DROP COLUMN maker
    """)
