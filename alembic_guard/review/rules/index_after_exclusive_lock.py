"""GRD104: A long statement while the transaction holds ACCESS EXCLUSIVE."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.locks import held_exclusively
from ..place import Place
from ..statements import Maintenance, ValidateConstraint
from . import Rule, rule


@rule
class IndexAfterExclusiveLock(Rule):
    """A long statement while the transaction holds ACCESS EXCLUSIVE.

    What it does
    ------------
    Finds validations and ANALYZE that run after an ALTER TABLE of the same transaction; index
    builds and refreshes there are reported as such, with the lock they run under.

    Why it matters
    --------------
    A lock is kept until the transaction ends. An ALTER TABLE that alone takes milliseconds then
    blocks even readers of its table for as long as the scan or build behind it lasts.

    Instead
    -------
    One locking statement for each transaction: put the long one in a revision of its own and run
    with ``transaction_per_migration=True``.

    References
    ----------
    https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
    """

    code = "GRD104"
    name = "index-after-exclusive-lock"
    hazard = "L04"
    dialects = ("postgresql",)
    on = (ValidateConstraint, Maintenance)
    bad = (
        """
        op.add_column("orders", sa.Column("note", sa.Text()))
        op.execute("ALTER TABLE invoices VALIDATE CONSTRAINT fk_invoices_order")
        """,
        """
        op.add_column("orders", sa.Column("note", sa.Text()))
        op.execute("ANALYZE orders")
        """,
    )
    good = (
        'op.execute("ALTER TABLE invoices VALIDATE CONSTRAINT fk_invoices_order")',
        """
        op.create_table("teams", sa.Column("id", sa.Integer, primary_key=True))
        op.create_index("ix_teams_id", "teams", ["id"])
        """,
    )

    def check(self, statement: ValidateConstraint | Maintenance, at: Place) -> Iterator[Finding]:
        work = self._work(statement, at)
        held = held_exclusively(at) if work is not None and not statement.context.autocommit else {}
        if not held:
            return
        table, line = next(iter(held.items()))
        yield self.finding(
            at,
            statement,
            f"{work} runs while this transaction holds ACCESS EXCLUSIVE on {table} ({line}): until "
            f"it is done nobody can even read {table}.",
            "Move it to a revision of its own and run with transaction_per_migration=True, so that the "
            f"lock on {table} is released first.",
            objects=[table],
        )

    def _work(self, statement: ValidateConstraint | Maintenance, at: Place) -> str | None:
        """What takes long; index builds and refreshes have rules that say the same."""
        if isinstance(statement, Maintenance):
            return (
                f"ANALYZE {statement.table or ''}".strip() if statement.verb == "analyze" else None
            )
        table = at.table(statement.table)
        known = table.constraint(statement.name) if table is not None else None
        if at.is_new(statement.table) or (known is not None and known.added_in == at.key):
            return None
        return f"Validating {statement.name}"
