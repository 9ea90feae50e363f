# dialect: mysql
"""index the stage of tickets

Revision ID: 9110a40b1ccf
Revises: cd610d2f2a12
Create Date: 2026-05-12 10:04:31.207113
"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "9110a40b1ccf"
down_revision = "cd610d2f2a12"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("stage", sa.Integer(), nullable=True))
    op.create_index("ix_tickets_stage", "tickets", ["stage"])  # expect: F15


def downgrade() -> None:
    op.drop_index("ix_tickets_stage", table_name="tickets")
    op.drop_column("tickets", "stage")
