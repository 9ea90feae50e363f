"""GRD817: nondeterministic."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..specs import Default
from . import Rule, rule

_WHY = {
    "nondeterministic": "gives another value each time",
    "environment": "depends on the machine it runs on",
    "file": "reads a file that is not part of the revision",
    "network": "asks another machine",
    "subprocess": "starts another program",
}

_ASSIGNED = re.compile(r"\s*(\w+)\s*(?::[^=]+)?=[^=]")


@rule
class Nondeterministic(Rule):
    """The migration depends on where and when it runs.

    What it does
    ------------
    Finds random values, clocks, environment variables, files, the network and other processes in a
    migration.

    Why it matters
    --------------
    Two databases that ran the same revision are no longer alike, and the run that fails is the one in
    production, where the file or variable is missing.

    Instead
    -------
    Write the value into the revision, or let the database compute it.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/cookbook.html
    """

    code = "GRD817"
    name = "nondeterministic"
    hazard = "N07"
    severity = "warning"
    on = (st.PythonFact,)
    bad = (
        """
        import os
        op.create_table(os.environ["PREFIX"] + "flags", sa.Column("id", sa.Integer, primary_key=True))
        """,
    )
    good = ('op.create_table("flags", sa.Column("id", sa.Integer, primary_key=True))',)

    def check(self, statement: st.PythonFact, at: Place) -> Iterator[Finding]:
        if statement.kind not in _WHY or _is_default(statement, at) or not _matters(statement):
            return
        yield self.finding(
            at,
            statement,
            f"{statement.what} {_WHY[statement.kind]}: two databases that ran this revision need not be alike.",
            "Write the value into the revision, or let the database compute it.",
        )


def _matters(statement: st.PythonFact) -> bool:
    """Clocks that time or log the migration itself change nothing."""
    return not statement.what.startswith(("time.time(", "time.perf_counter(", "time.monotonic("))


def _is_default(statement: st.PythonFact, at: Place) -> bool:
    """Whether the value became a server default, there or by name: `frozen-default` says so."""
    lines = at.revision.source.splitlines()
    line = lines[statement.line - 1] if statement.line <= len(lines) else ""
    assigned = _ASSIGNED.match(line)
    for other in at.revision.upgrade:
        for text in _python_defaults(other):
            last = other.origin.end_line or other.line
            if other.line <= statement.line <= last or statement.what in text:
                return True
            if assigned and re.search(rf"\b{assigned[1]}\b", text):
                return True
    return False


def _python_defaults(statement: st.Statement) -> list[str]:
    if isinstance(statement, st.AlterColumn):
        found = [statement.server_default]
    elif isinstance(statement, st.CreateTable):
        found = [column.default for column in statement.columns]
    elif isinstance(statement, st.AddColumn):
        found = [statement.column.default]
    else:
        return []
    return [item.text for item in found if isinstance(item, Default) and item.kind == "python"]
