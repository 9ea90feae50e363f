# dialect: postgresql
"""a table brings its enum and takes it away

Revision ID: 02e19f44a531
Revises: f605b6090a28
Create Date: 2026-03-09 09:10:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "02e19f44a531"
down_revision = "f605b6090a28"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claims",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("state", sa.Enum("open", "closed", name="claim_state"), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("claims")
    sa.Enum(name="claim_state").drop(op.get_bind(), checkfirst=False)
