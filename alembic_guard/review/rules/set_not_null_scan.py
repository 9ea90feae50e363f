"""GRD110: SET NOT NULL that reads the whole table under lock."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.not_null import says_not_null
from ..knowledge.wording import quoted, short
from ..place import Place
from ..statements import AddConstraint, AlterColumn, DropConstraint
from . import Rule, rule


@rule
class SetNotNullScan(Rule):
    """SET NOT NULL that reads the whole table under lock.

    What it does
    ------------
    Finds columns made NOT NULL without a validated CHECK that proves it already.

    Why it matters
    --------------
    Every row is read while ACCESS EXCLUSIVE is held: all reads and writes wait, and one NULL
    fails the deployment. From PostgreSQL 12 a validated ``CHECK (column IS NOT NULL)`` makes it
    instant.

    Instead
    -------
    Add the CHECK as NOT VALID, validate it in the next revision, then SET NOT NULL and drop the
    CHECK.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL
    """

    code = "GRD110"
    name = "set-not-null-scan"
    hazard = "L10"
    dialects = ("postgresql",)
    on = (AlterColumn,)
    bad = (
        'op.alter_column("users", "email", existing_type=sa.String(), nullable=False)',
        'op.execute("ALTER TABLE users ALTER COLUMN email SET NOT NULL")',
    )
    good = (
        """
        op.execute("ALTER TABLE users ADD CONSTRAINT email_set CHECK (email IS NOT NULL) NOT VALID")
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE users VALIDATE CONSTRAINT email_set")
        op.alter_column("users", "email", nullable=False)
        op.drop_constraint("email_set", "users", type_="check")
        """,
        """
        op.alter_column(
            "users", "email", existing_type=sa.String(20), type_=sa.String(40),
            existing_nullable=False, nullable=False,
        )
        """,
    )

    def check(self, statement: AlterColumn, at: Place) -> Iterator[Finding]:
        if (
            statement.nullable is not False
            or at.is_new(statement.table)
            or self._is_proved(statement, at)
            or _is_last_step(statement, at)
        ):
            return
        table, column = statement.table, statement.column
        name = f"ck_{short(table)}_{column}_not_null"
        yield self.finding(
            at,
            statement,
            f"SET NOT NULL on {table}.{column} reads every row under ACCESS EXCLUSIVE: all reads and "
            f"writes of {table} wait, and one NULL fails the deployment.",
            self._instead(at, table, column, name),
            objects=[f"{table}.{column}"],
        )

    def _is_proved(self, statement: AlterColumn, at: Place) -> bool:
        """Whether the column is NOT NULL already, or a valid CHECK says so."""
        table = at.table(statement.table)
        known = table.columns.get(statement.column) if table is not None else None
        if known is not None and not known.nullable:
            return True
        if statement.existing_nullable is False:
            return True
        check = table.proves_not_null(statement.column) if table is not None else None
        return check is not None and check.valid and at.is_able("not_null_uses_valid_check")

    def _instead(self, at: Place, table: str, column: str, name: str) -> str:
        if not at.is_able("not_null_uses_valid_check"):
            return f"""
                Before PostgreSQL 12 every SET NOT NULL scans: keep a validated CHECK instead of it:

                    op.execute("ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID")
                    # next revision
                    op.execute("ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
                """
        return f"""
            Three revisions, none of which blocks:

                op.create_check_constraint({quoted(name)}, {quoted(short(table))}, "{column} IS NOT NULL",
                                           postgresql_not_valid=True)
                # next
                op.execute("ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
                # next
                op.alter_column({quoted(short(table))}, {quoted(column)}, nullable=False)
                op.drop_constraint({quoted(name)}, {quoted(short(table))}, type_="check")
            """


def _is_last_step(statement: AlterColumn, at: Place) -> bool:
    """Whether a CHECK from a revision that is not here is dropped as the one this replaces.

    That ends the safe way to NOT NULL, and of a file alone nothing else tells of the CHECK.
    """
    if not at.is_able("not_null_uses_valid_check"):
        return False
    table = at.table(statement.table)
    known = (
        {found.spec.name for found in table.constraints.values()} if table is not None else set()
    )
    return any(
        isinstance(later, DropConstraint)
        and later.table == statement.table
        and later.name is not None
        and later.name not in known
        and later.kind in ("check", "unknown")
        and _speaks_of_null(later.name, statement.column, at)
        for later in at.later
    )


def _speaks_of_null(name: str, column: str, at: Place) -> bool:
    """Whether downgrade() brings it back as IS NOT NULL, or its name has the column and NULL in it."""
    for back in at.revision.downgrade:
        if isinstance(back, AddConstraint) and back.constraint.name == name:
            return says_not_null(back.constraint.expression, column)
    words = name.lower().split("_")
    return column.lower() in name.lower() and bool(
        {"null", "nn", "notnull", "nonnull"} & set(words)
    )
