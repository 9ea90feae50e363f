# dialect: postgresql
"""tables created here may be treated as we like

Revision ID: e094f29927ff
Revises: 8a358bb0b284
Create Date: 2026-03-24 09:51:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "e094f29927ff"
down_revision = "8a358bb0b284"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "teams",
        sa.Column("id", sa.Integer(), sa.Identity(), primary_key=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("type", sa.String(20), nullable=False, server_default="plain"),
        sa.Column("key", sa.String(20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.UniqueConstraint("name", name="uq_teams_name"),
    )
    op.create_table(
        "team_members",
        sa.Column("team_id", sa.Integer(), sa.ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "customer_id"),
    )
    op.create_index("ix_teams_created_at", "teams", ["created_at"])
    op.add_column("teams", sa.Column("motto", sa.Text(), nullable=False))
    op.create_check_constraint("ck_teams_name", "teams", "length(name) > 1")
    op.create_unique_constraint("uq_teams_key", "teams", ["key"])
    op.alter_column("teams", "motto", existing_type=sa.Text(), nullable=True)
    op.alter_column("teams", "motto", existing_type=sa.Text(), nullable=False)
    op.drop_index("ix_teams_created_at", table_name="teams")


def downgrade() -> None:
    op.drop_table("team_members")
    op.drop_table("teams")
