# dialect: postgresql
# runs: no
"""raw

Revision ID: 6603e8e691fa
Revises: 05b3bd47685f
Create Date: 2026-03-15 09:19:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "6603e8e691fa"
down_revision = "05b3bd47685f"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        "alter table only public.customers\n"  # expect: F01
        "    add tier integer not null"
    )


def downgrade():
    op.execute("alter table customers drop tier")
