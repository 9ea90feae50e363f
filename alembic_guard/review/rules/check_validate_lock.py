"""GRD106: A CHECK constraint added and checked in one step."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.wording import quoted, short
from ..place import Place
from ..statements import AddColumn, AddConstraint
from . import Rule, rule


@rule
class CheckValidateLock(Rule):
    """A CHECK constraint added and checked in one step.

    What it does
    ------------
    Finds CHECK constraints on existing tables that the server checks against all rows at once.

    Why it matters
    --------------
    Every row is read while ACCESS EXCLUSIVE is held (on MySQL the table is copied): reads and
    writes wait, and one row that violates it makes the deployment fail.

    Instead
    -------
    Add it NOT VALID, which checks new rows only, and ``VALIDATE CONSTRAINT`` in a later revision.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
    """

    code = "GRD106"
    name = "check-validate-lock"
    hazard = "L06"
    dialects = ("postgresql", "mysql", "mariadb")
    on = (
        AddConstraint,
        AddColumn,
    )
    bad = (
        'op.create_check_constraint("ck_orders_total", "orders", "total >= 0")',
        'op.execute("ALTER TABLE orders ADD CONSTRAINT ck_orders_total CHECK (total >= 0)")',
    )
    good = (
        'op.create_check_constraint("ck_orders_total", "orders", "total >= 0", postgresql_not_valid=True)',
        'op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_total")',
    )

    def check(self, statement: AddConstraint | AddColumn, at: Place) -> Iterator[Finding]:
        if at.is_new(statement.table):
            return
        if isinstance(statement, AddColumn):
            checks = statement.column.checks if statement.via == "sql" else ()
        else:
            checks = (statement.constraint,)
        for spec in checks:
            if spec.kind not in ("check", "not_null") or spec.not_valid or spec.not_enforced:
                continue
            if at.dialect != "postgresql" and not at.is_able("check_enforced"):
                continue
            name = spec.name or f"ck_{short(statement.table)}"
            yield self.finding(
                at,
                statement,
                f"The check {name} reads every row of {statement.table} under an exclusive lock: all "
                "reads and writes wait, and one row that breaks it fails the deployment.",
                self._instead(at, statement.table, name, spec.expression),
                objects=[statement.table, name],
            )

    def _instead(self, at: Place, table: str, name: str, expression: str) -> str:
        if at.dialect != "postgresql":
            return f"Look for rows that break it first, and add it when {table} is quiet."
        return f"""
            Add it for new rows now, and check the old ones in the next revision:

                op.create_check_constraint({quoted(name)}, {quoted(short(table))},
                                           {quoted(expression or "condition")}, postgresql_not_valid=True)

                # next revision
                op.execute("ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
            """
