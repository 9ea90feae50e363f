# dialect: postgresql
"""move to a schema

Revision ID: 83f7503c5dcf
Revises: 66ea27e0f154
Create Date: 2026-03-15 09:31:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "83f7503c5dcf"
down_revision = "66ea27e0f154"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE old_reports SET SCHEMA archive")  # expect: C10
    op.execute("ALTER SCHEMA archive RENAME TO vault")  # expect: C10


def downgrade():
    op.execute("ALTER SCHEMA vault RENAME TO archive")
    op.execute("ALTER TABLE archive.old_reports SET SCHEMA public")
