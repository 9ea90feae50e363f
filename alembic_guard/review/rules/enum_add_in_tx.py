"""GRD305: ALTER TYPE ... ADD VALUE in a transaction before PostgreSQL 12."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AlterType
from . import Example, Rule, rule


@rule
class EnumAddInTx(Rule):
    """ALTER TYPE ... ADD VALUE in a transaction before PostgreSQL 12.

    What it does
    ------------
    Finds enum values added outside ``autocommit_block()`` when the server is older than 12.

    Why it matters
    --------------
    Such a server refuses it inside a transaction.

    Instead
    -------
    Put it into ``autocommit_block()``.

    References
    ----------
    https://www.postgresql.org/docs/11/sql-altertype.html#notes
    """

    code = "GRD305"
    name = "enum-add-in-tx"
    hazard = "F05"
    severity = "error"
    dialects = ("postgresql",)
    on = (AlterType,)
    bad = (Example("op.execute(\"ALTER TYPE mood ADD VALUE 'fine'\")", version="11"),)
    good = (Example("op.execute(\"ALTER TYPE mood ADD VALUE 'fine'\")", version="12"),)

    def check(self, statement: AlterType, at: Place) -> Iterator[Finding]:
        if statement.action != "add_value" or statement.context.autocommit:
            return
        if at.is_able("enum_value_in_transaction"):
            return
        yield self.finding(
            at,
            statement,
            f"PostgreSQL {'.'.join(map(str, at.version))} refuses to add a value to {statement.name} inside a "
            "transaction.",
            """
            Leave the transaction for it:

                with op.get_context().autocommit_block():
                    ...  # this statement
            """,
            objects=[statement.name],
        )
