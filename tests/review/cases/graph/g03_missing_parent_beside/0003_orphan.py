"""what follows a revision that was never pushed

Revision ID: 5c2e7d1f88b2
Revises: 9d0e2f3a4b5c
Create Date: 2026-02-03 09:00:00.000000
"""

# revision identifiers, used by Alembic.
revision = "5c2e7d1f88b2"
down_revision = "9d0e2f3a4b5c"  # expect: G03
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
