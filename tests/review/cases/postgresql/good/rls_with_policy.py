# dialect: postgresql
"""row security, complete

Revision ID: 56881999f66f
Revises: db13a33e6b63
Create Date: 2026-03-08 09:43:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "56881999f66f"
down_revision = "db13a33e6b63"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("""
        CREATE TABLE tenants_notes (id integer PRIMARY KEY, tenant text NOT NULL);
        ALTER TABLE tenants_notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own_notes ON tenants_notes USING (tenant = current_setting('app.tenant', true));
    """)
    op.execute("""
        CREATE FUNCTION note_count() RETURNS bigint LANGUAGE sql SECURITY DEFINER
            SET search_path = pg_catalog, public AS $$ SELECT count(*) FROM tenants_notes $$
    """)


def downgrade():
    op.execute("DROP FUNCTION note_count()")
    op.execute("DROP TABLE tenants_notes")
