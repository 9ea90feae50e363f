"""GRD903: sql injection style."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..knowledge.literal_braces import is_written
from ..place import Place
from . import Rule, rule

_VALUE = re.compile(
    r"'[^'{}]*\{([^{}]+)\}[^'{}]*'|(?:=|<|>|\(|,|\bIN|\bLIKE|\bVALUES)\s*\(?\s*\{([^{}]+)\}",
    re.IGNORECASE,
)


@rule
class SqlInjectionStyle(Rule):
    """Run-time values are pasted into SQL text.

    What it does
    ------------
    Finds UPDATE, INSERT, DELETE and SELECT text with values formatted into it.

    Why it matters
    --------------
    A quote in one row's value breaks the statement, or changes what it does: the migration fails half
    way, on production data only.

    Instead
    -------
    Use bind parameters.

    References
    ----------
    https://docs.sqlalchemy.org/en/20/core/sqlelement.html#sqlalchemy.sql.expression.text
    """

    code = "GRD903"
    name = "sql-injection-style"
    hazard = "O03"
    severity = "warning"
    on = (st.Dml,)
    directions = ("upgrade", "downgrade")
    bad = (
        """
        for row in op.get_bind().execute(sa.text("SELECT id, name FROM customers")):
            op.execute(f"UPDATE customers SET notes = '{row.name}' WHERE id = {row.id}")
        """,
    )
    good = (
        """op.execute("UPDATE customers SET notes = '{a,b}' WHERE id = 3")""",
        """
        for row in op.get_bind().execute(sa.text("SELECT id FROM customers LIMIT 10")):
            op.get_bind().execute(sa.text("UPDATE customers SET notes = :n WHERE id = :id"), {"n": "x", "id": row.id})
        """,
    )

    def check(self, statement: st.Dml, at: Place) -> Iterator[Finding]:
        if statement.via != "sql":
            return
        source = self._inserted(statement.origin.text, at)
        if source is None:
            return
        yield self.finding(
            at,
            statement,
            f"The value of {source} becomes part of the SQL text: a quote in it breaks the statement, or "
            "changes what it does.",
            f"""
            Bind it:

                op.get_bind().execute(sa.text("... = :value ..."), {{"value": {source}}})
            """,
            objects=(statement.table,),
        )

    def _inserted(self, sql: str, at: Place) -> str | None:
        """The first expression whose value stands in the text."""
        for found in _VALUE.finditer(sql):
            source: str = next(part for part in found.groups() if part)
            if not is_written(f"{{{source}}}", at.revision.source):
                return source
        return None
