"""GRD510: A migration that leaves MySQL's strict mode."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import SetVariable
from . import Rule, rule


@rule
class NonStrictNotNull(Rule):
    """A migration that leaves MySQL's strict mode.

    What it does
    ------------
    Finds ``SET sql_mode`` without STRICT_TRANS_TABLES or STRICT_ALL_TABLES.

    Why it matters
    --------------
    Without strict mode MySQL turns NULLs, missing values and values that do not fit into zeros,
    empty strings and cut text, with a warning nobody reads.

    Instead
    -------
    Leave the mode alone and repair the rows first.

    References
    ----------
    https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html#sql-mode-strict
    """

    code = "GRD510"
    name = "non-strict-not-null"
    hazard = "D10"
    dialects = ("mysql", "mariadb")
    on = (SetVariable,)
    bad = ("op.execute(\"SET SESSION sql_mode = ''\")",)
    good = ('op.alter_column("users", "name", server_default="x")',)

    def check(self, statement: SetVariable, at: Place) -> Iterator[Finding]:
        if (
            statement.name.lower() != "sql_mode"
            or statement.reset
            or "STRICT" in statement.value.upper()
        ):
            return
        if "@" in statement.value:
            return
        yield self.finding(
            at,
            statement,
            "Without strict mode, NULLs and values that do not fit silently become zeros and empty strings.",
            "Leave sql_mode alone and repair the rows first.",
        )
