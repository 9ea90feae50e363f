# dialect: postgresql
"""audit orders

Revision ID: 65e9dfeb7a39
Revises: a01b830c1c16
Create Date: 2026-03-03 09:20:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "65e9dfeb7a39"
down_revision = "a01b830c1c16"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        """
        CREATE OR REPLACE FUNCTION audit_order() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
            -- DROP TABLE orders; is only a comment here
            INSERT INTO archive.orders (id, note) VALUES (NEW.id, 'ALTER TABLE orders');
            RETURN NEW;
        END
        $body$
        """
    )
    op.execute(
        "CREATE TRIGGER orders_audit AFTER INSERT ON orders "  # expect: L18
        "FOR EACH ROW EXECUTE FUNCTION audit_order()"
    )


def downgrade():
    op.execute("DROP TRIGGER orders_audit ON orders")
    op.execute("DROP FUNCTION audit_order()")
