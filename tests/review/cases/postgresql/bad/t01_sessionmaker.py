# dialect: postgresql
"""first customer renamed

Revision ID: f938e10e02d7
Revises: a9d343fce531
Create Date: 2026-05-12 10:04:31.207113
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import sessionmaker

# revision identifiers, used by Alembic.
revision = "f938e10e02d7"
down_revision = "a9d343fce531"
branch_labels = None
depends_on = None

Session = sessionmaker()


def upgrade() -> None:
    session = Session(bind=op.get_bind())  # expect: N03
    session.execute(sa.text("UPDATE customers SET name = 'First' WHERE id = 1"))
    session.commit()  # expect: T01


def downgrade() -> None:
    pass
