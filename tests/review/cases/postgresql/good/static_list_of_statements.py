# dialect: postgresql
"""both ways from one list

Revision ID: a36e34f9732b
Revises: 83e79e9e94ec
Create Date: 2026-03-01 09:44:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "a36e34f9732b"
down_revision = "83e79e9e94ec"
branch_labels = None
depends_on = None


FORWARD = (
    "ALTER TABLE products ADD COLUMN colour text",
    "COMMENT ON COLUMN products.colour IS 'as printed'",
)
BACKWARD = ("ALTER TABLE products DROP COLUMN colour",)


def upgrade():
    for statement in FORWARD:
        op.execute(statement)


def downgrade():
    for statement in BACKWARD:
        op.execute(statement)
