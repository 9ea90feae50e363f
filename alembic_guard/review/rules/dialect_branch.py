"""GRD904: dialect branch."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..revision import Revision
from . import Rule, rule


@rule
class DialectBranch(Rule):
    """A branch for another database was not reviewed.

    What it does
    ------------
    Notes code that only runs on a database other than the reviewed one.

    Why it matters
    --------------
    Nothing was said about it.

    Instead
    -------
    Review once for each database: ``--dialect``.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/cookbook.html
    """

    code = "GRD904"
    name = "dialect-branch"
    hazard = "O04"
    severity = "note"
    opinion = True
    bad = (
        """
        if op.get_bind().dialect.name == "sqlite":
            op.execute("PRAGMA foreign_keys=OFF")
        """,
    )
    good = ('op.execute("SELECT 1")',)

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        for line in revision.skipped_branches:
            yield self.finding(
                at,
                line,
                f"This branch does not run on {at.dialect} and was not reviewed.",
                "Review the revision for the other database too: --dialect.",
            )
