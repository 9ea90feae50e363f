"""GRD318: A colon in SQL text that is read as a bind parameter."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import PythonFact
from . import Rule, rule


@rule
class TextBindColon(Rule):
    """A colon in SQL text that is read as a bind parameter.

    What it does
    ------------
    Finds ``:name`` in text given to ``op.execute`` or ``sa.text`` for which no value is given.
    Quotes do not protect it.

    Why it matters
    --------------
    SQLAlchemy replaces it by a parameter: the statement fails with "A value is required for bind
    parameter".

    Instead
    -------
    Escape it as ``\\:name``, or give the value with ``sa.text(...).bindparams(name=...)``.

    References
    ----------
    https://docs.sqlalchemy.org/en/20/core/sqlelement.html#sqlalchemy.sql.expression.text
    """

    code = "GRD318"
    name = "text-bind-colon"
    hazard = "F18"
    severity = "error"
    on = (PythonFact,)
    directions = ("upgrade", "downgrade")
    bad = ("op.execute(\"UPDATE notes SET title = 'due :today' WHERE id = 1\")",)
    good = (
        "op.execute(\"UPDATE notes SET title = 'due \\\\\\\\:today' WHERE id = 1\")",
        'op.execute(sa.text("UPDATE notes SET title = :t WHERE id = 1").bindparams(t="due"))',
        """
        statement = sa.text("UPDATE notes SET title = :t WHERE id = 1")
        op.get_bind().execute(statement, parameters={"t": "due"})
        """,
        "op.execute(\"UPDATE notes SET at = '10:30'::time WHERE id = 1\")",
    )

    def check(self, statement: PythonFact, at: Place) -> Iterator[Finding]:
        if statement.kind == "unbound":
            yield self.finding(
                at,
                statement,
                f"{statement.what} is read as a bind parameter and gets no value: this statement fails.",
                f"Write \\\\{statement.what} when the colon is meant, or sa.text(...).bindparams("
                f"{statement.what[1:]}=...).",
            )
