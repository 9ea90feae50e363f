"""The line of a column in a long CREATE TABLE.

Revision ID: probe_k02
Revises:
"""

from alembic import op

revision = "probe_k02"
down_revision = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE allocations (
            id bigint PRIMARY KEY,
            owner text NOT NULL,
            span tstzrange NOT NULL,
            "window" tstzrange NOT NULL,  -- expect: K01
            hours integer NOT NULL,
            note text,
            colour text,
            metadata jsonb  -- expect: K02
        )
        """
    )


def downgrade() -> None:
    op.drop_table("allocations")
