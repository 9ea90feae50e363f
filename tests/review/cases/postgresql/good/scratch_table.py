# dialect: postgresql
"""fill scores through a scratch table

Revision ID: ad61f1143f7e
Revises: 3a02d87e645e
Create Date: 2026-05-12 10:04:31.207113
"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "ad61f1143f7e"
down_revision = "3a02d87e645e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("scratch", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO scratch (id) VALUES (1), (2)")
    op.drop_table("scratch")


def downgrade() -> None:
    pass
