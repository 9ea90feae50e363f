# dialect: postgresql
"""kwargs built above

Revision ID: 443de83ea428
Revises: 0ffe5e3c951f
Create Date: 2026-03-13 09:33:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "443de83ea428"
down_revision = "0ffe5e3c951f"
branch_labels = None
depends_on = None


INDEX = {"index_name": "ix_events_kind", "table_name": "events", "columns": ["kind"]}


def upgrade() -> None:
    options = dict(unique=False, **INDEX)
    op.create_index(**options)  # expect: L01


def downgrade() -> None:
    op.drop_index("ix_events_kind", table_name="events", if_exists=True)
