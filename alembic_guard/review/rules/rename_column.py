"""GRD401: A column renamed under the running application."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.novelty import added_here
from ..knowledge.wording import quoted, short
from ..place import Place
from ..statements import RenameColumn
from . import Rule, rule


@rule
class RenameColumnFound(Rule):
    """A column renamed under the running application.

    What it does
    ------------
    Finds renamed columns of existing tables.

    Why it matters
    --------------
    From the moment the migration commits until the last old process is replaced, every query of
    the old code fails with "column does not exist"; a rollback of the code fails the same way.

    Instead
    -------
    Let ``Guard`` pause the applications while it is applied, keep both names for a while with a
    view or a generated column, or expand and contract: add, write both, backfill, switch, drop.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html
    """

    code = "GRD401"
    name = "rename-column"
    hazard = "C01"
    severity = "error"
    on = (RenameColumn,)
    bad = (
        'op.alter_column("users", "phone", new_column_name="phone_number", existing_type=sa.String(20), existing_nullable=True)',
        'op.execute("ALTER TABLE users RENAME phone TO phone_number")',
    )
    good = (
        """
        op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("phone", sa.String(20)))
        op.execute("ALTER TABLE users RENAME phone TO phone_number")
        """,
    )

    def check(self, statement: RenameColumn, at: Place) -> Iterator[Finding]:
        table, old, new = statement.table, statement.column, statement.new
        if at.is_new(table) or added_here(at, table, old):
            return
        yield self.finding(
            at,
            statement,
            f"Code that is running while this is applied still says {table}.{old}: all its queries fail until "
            f"every process knows {new}, and so does a rollback of the code.",
            f"""
            Apply it with Guard.run_migrations, which pauses the applications and reloads them; or expand and
            contract:

                op.add_column({quoted(short(table))}, sa.Column({quoted(new)}, ...))
                # write both, backfill in batches, read {new}; in a later release:
                op.drop_column({quoted(short(table))}, {quoted(old)})
            """,
            objects=[f"{table}.{old}", f"{table}.{new}"],
        )
