"""GRD964: triggers or constraints switched off."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AlterTable, SetVariable
from . import Example, Rule, rule


@rule
class DisableTrigger(Rule):
    """Triggers or constraints switched off.

    What it does
    ------------
    Finds DISABLE TRIGGER, session_replication_role = replica and foreign_key_checks = 0.

    Why it matters
    --------------
    Foreign keys, audit and history are not kept meanwhile, for nobody; rows written then are
    never checked again.

    Instead
    -------
    Write the migration so that the rows satisfy them.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DISABLE-ENABLE-TRIGGER
    """

    code = "GRD964"
    name = "disable-trigger"
    hazard = "X04"
    severity = "error"
    dialects = ("postgresql", "mysql", "mariadb")
    on = (
        AlterTable,
        SetVariable,
    )
    bad = (
        'op.execute("ALTER TABLE orders DISABLE TRIGGER ALL")',
        Example('op.execute("SET foreign_key_checks = 0")', "mysql"),
    )
    good = ('op.execute("ALTER TABLE orders ENABLE TRIGGER ALL")',)

    def check(self, statement: AlterTable | SetVariable, at: Place) -> Iterator[Finding]:
        if isinstance(statement, AlterTable):
            if statement.action != "disable_trigger" or at.is_new(statement.table):
                return
            what = f"the triggers and foreign keys of {statement.table} are not enforced"
        else:
            name, value = statement.name.lower(), statement.value.strip("'\" ").lower()
            off = name == "foreign_key_checks" and value in ("0", "off", "false")
            if not off and not (name == "session_replication_role" and value == "replica"):
                return
            what = "foreign keys are not enforced"
        yield self.finding(
            at,
            statement,
            f"From here on {what}: what is written meanwhile is never checked again.",
            "Order the statements so that the rows satisfy the constraints, and remove this line.",
        )
