# dialect: postgresql
"""names near the limit, and names that only look reserved

Revision ID: 05df036c0a14
Revises: 781d43263396
Create Date: 2026-03-10 09:54:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "05df036c0a14"
down_revision = "781d43263396"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "user_settings",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(40)),
        sa.Column("value", sa.Text()),
        sa.Column("position", sa.Integer()),
        sa.Column("status", sa.String(10)),
        sa.Column("level", sa.Integer()),
        sa.Column("date", sa.Date()),
        sa.Column("timestamp", sa.DateTime()),
        sa.Column("user_metadata", sa.JSON()),
    )
    op.create_index("ix_user_settings_name_value_position_status_level_date_timestam", "user_settings", ["name"])


def downgrade() -> None:
    op.drop_table("user_settings")
