# dialect: postgresql
"""index the lookup columns

Revision ID: cc83550568c5
Revises: cee74a8a2488
Create Date: 2026-03-22 09:55:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "cc83550568c5"
down_revision = "cee74a8a2488"
branch_labels = None
depends_on = None


TABLE = "customers"
COLUMNS = ("email", "phone", "legacy_code")


def upgrade():
    for column in COLUMNS:
        op.execute(f"CREATE INDEX ix_{TABLE}_{column} ON {TABLE} ({column})")  # expect: L01


def downgrade():
    for column in COLUMNS:
        op.execute(f"DROP INDEX ix_{TABLE}_{column}")
