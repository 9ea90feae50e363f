"""GRD804: session set leak."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from . import Rule, rule


@rule
class SessionSetLeak(Rule):
    """SET without LOCAL outlives the migration.

    What it does
    ------------
    Finds SET of a session variable that is neither LOCAL nor reset later.

    Why it matters
    --------------
    Alembic uses one connection for all revisions: the setting, such as a timeout of 0 or another
    search_path, also holds for every revision after this one.

    Instead
    -------
    ``SET LOCAL`` ends with the transaction.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-set.html
    """

    code = "GRD804"
    name = "session-set-leak"
    hazard = "T04"
    severity = "warning"
    dialects = ("postgresql",)
    on = (st.SetVariable,)
    bad = (
        'op.execute("SET statement_timeout = 0")',
        "op.execute(\"SELECT set_config('statement_timeout', '0', false)\")",
    )
    good = (
        'op.execute("SET LOCAL statement_timeout = 0")',
        "op.execute(\"SELECT set_config('statement_timeout', '0', true)\")",
        """
        op.execute("SET statement_timeout = 0")
        op.execute("RESET statement_timeout")
        """,
    )

    def check(self, statement: st.SetVariable, at: Place) -> Iterator[Finding]:
        if statement.local or statement.reset or statement.scope != "session":
            return
        if statement.context.autocommit or statement.value.upper() == "DEFAULT":
            return
        for other in at.later:
            if not isinstance(other, st.SetVariable) or other.name not in (statement.name, "all"):
                continue
            if other.reset or other.value.upper() == "DEFAULT":
                return
        yield self.finding(
            at,
            statement,
            f"SET {statement.name} holds for the whole connection: every revision that runs after this one "
            f"gets {statement.name} = {statement.value} too.",
            f"""
            Let it end with this transaction:

                op.execute("SET LOCAL {statement.name} = {statement.value}")
            """,
            objects=(statement.name,),
        )
