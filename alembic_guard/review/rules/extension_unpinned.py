"""GRD966: CREATE EXTENSION without a version."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import SchemaStatement
from . import Rule, rule


@rule
class ExtensionUnpinned(Rule):
    """CREATE EXTENSION without a version.

    What it does
    ------------
    Finds extensions installed in whatever version the server has.

    Why it matters
    --------------
    Two servers get two versions of the same extension.

    Instead
    -------
    ``CREATE EXTENSION name VERSION '1.2'``.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-createextension.html
    """

    code = "GRD966"
    name = "extension-unpinned"
    hazard = "X06"
    severity = "note"
    dialects = ("postgresql",)
    on = (SchemaStatement,)
    opinion = True
    bad = ('op.execute("CREATE EXTENSION IF NOT EXISTS pgcrypto")',)
    good = ("op.execute(\"CREATE EXTENSION pgcrypto VERSION '1.3'\")",)

    def check(self, statement: SchemaStatement, at: Place) -> Iterator[Finding]:
        if statement.kind == "extension" and statement.action == "create" and not statement.version:
            yield self.finding(
                at,
                statement,
                f"Each server installs the version of {statement.name} it happens to have.",
                f"CREATE EXTENSION {statement.name} VERSION '...'",
                objects=[statement.name],
            )
