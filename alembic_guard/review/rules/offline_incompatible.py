"""GRD319: rows are read, so the revision cannot run with --sql."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import Dml
from . import Rule, rule

_FETCHED = re.compile(r"\bfor\b|=\s*\S|\.(?:fetch|scalar|all|first|one|mappings)\w*\(")


@rule
class OfflineIncompatible(Rule):
    """Rows are read, so the revision cannot run with --sql.

    What it does
    ------------
    Finds results fetched from the database while migrating.

    Why it matters
    --------------
    ``alembic upgrade --sql`` has no connection: the revision fails or writes an incomplete
    script.

    Instead
    -------
    Guard it with ``if not context.is_offline_mode()``, or use one SQL statement.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/offline.html
    """

    code = "GRD319"
    name = "offline-incompatible"
    hazard = "F19"
    severity = "note"
    on = (Dml,)
    opinion = True
    bad = ('rows = op.get_bind().execute(sa.text("SELECT id FROM users")).fetchall()',)
    good = ('op.execute("SELECT 1")',)

    def check(self, statement: Dml, at: Place) -> Iterator[Finding]:
        if statement.verb != "select" or statement.context.conditional:
            return
        lines = at.revision.source.splitlines()
        call = lines[statement.origin.call_line - 1] if statement.origin.call_line else ""
        if _FETCHED.search(call):
            yield self.finding(
                at,
                statement,
                f"Rows of {statement.table} are read: alembic upgrade --sql cannot render this revision.",
                "Guard it with `if not context.is_offline_mode():`.",
            )
