# dialect: postgresql
"""drop a column of the first database

Revision ID: 0b05ece4472e
Revises: 29e897c7b9c9
Create Date: 2026-05-12 10:04:31.207113
"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0b05ece4472e"
down_revision = "29e897c7b9c9"
branch_labels = None
depends_on = None


def upgrade(engine_name: str = "engine1") -> None:
    globals()[f"upgrade_{engine_name}"]()


def downgrade(engine_name: str = "engine1") -> None:
    globals()[f"downgrade_{engine_name}"]()


def upgrade_engine1() -> None:
    op.drop_column("customers", "notes")  # expect: C03


def downgrade_engine1() -> None:
    op.add_column("customers", sa.Column("notes", sa.Text(), nullable=True))
