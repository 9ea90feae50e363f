"""GRD107: A UNIQUE constraint that builds its index under lock."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.wording import index_name, listed, quoted, short
from ..place import Place
from ..statements import AddConstraint
from . import Rule, rule


@rule
class UniqueConstraintLock(Rule):
    """A UNIQUE constraint that builds its index under lock.

    What it does
    ------------
    Finds unique constraints on existing tables that are not made from an index.

    Why it matters
    --------------
    The index is built while ACCESS EXCLUSIVE is held: all reads and writes of the table wait, and
    a duplicate fails the deployment after the wait.

    Instead
    -------
    Build a unique index concurrently, then turn it into the constraint with USING INDEX, which
    takes milliseconds.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX
    """

    code = "GRD107"
    name = "unique-constraint-lock"
    hazard = "L07"
    dialects = ("postgresql",)
    on = (AddConstraint,)
    bad = (
        'op.create_unique_constraint("uq_users_email", "users", ["email"])',
        'op.execute("ALTER TABLE users ADD CONSTRAINT uq_users_email UNIQUE (email)")',
    )
    good = (
        """
        with op.get_context().autocommit_block():
            op.create_index("uq_users_email", "users", ["email"], unique=True, postgresql_concurrently=True)
        op.execute("ALTER TABLE users ADD CONSTRAINT uq_users_email UNIQUE USING INDEX uq_users_email")
        """,
    )

    def check(self, statement: AddConstraint, at: Place) -> Iterator[Finding]:
        spec, table = statement.constraint, statement.table
        if spec.kind != "unique" or spec.using_index or at.is_new(table):
            return
        name = spec.name or index_name(table, spec.columns, "uq")
        yield self.finding(
            at,
            statement,
            f"The constraint {name} builds its index under ACCESS EXCLUSIVE: every read and write of "
            f"{table} waits until it is done, and a duplicate in ({', '.join(spec.columns)}) fails it.",
            f"""
            Build the index first, without blocking, then make it the constraint:

                with op.get_context().autocommit_block():
                    op.create_index({quoted(name)}, {quoted(short(table))}, {listed(spec.columns)},
                                    unique=True, postgresql_concurrently=True)
                op.execute("ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}")
            """,
            objects=[table, name],
        )
