# dialect: postgresql
"""NOT NULL without a scan under lock

Revision ID: b08e0e97cfca
Revises: 65526793c278
Create Date: 2026-03-14 09:05:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "b08e0e97cfca"
down_revision = "65526793c278"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE customers ADD CONSTRAINT ck_email_set CHECK (email IS NOT NULL) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE customers VALIDATE CONSTRAINT ck_email_set")
    op.alter_column("customers", "email", nullable=False)
    op.drop_constraint("ck_email_set", "customers", type_="check")


def downgrade():
    op.alter_column("customers", "email", nullable=True)
