# dialect: postgresql
"""no overlapping bookings

Revision ID: c3d816d78ce8
Revises: 863559f70a65
Create Date: 2026-03-13 09:57:11.204518
"""

from sqlalchemy.dialects import postgresql
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "c3d816d78ce8"
down_revision = "863559f70a65"
branch_labels = None
depends_on = None


def upgrade():
    op.create_exclude_constraint(  # expect: L09
        "ex_bookings_during", "bookings", ("during", "&&"), using="gist"
    )


def downgrade():
    op.drop_constraint("ex_bookings_during", "bookings")
