"""GRD703: missing parent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts import Finding
from ..history import History
from ..revision import Revision
from . import Example, Rule, rule


@rule
class MissingParent(Rule):
    """A revision follows one that does not exist.

    What it does
    ------------
    Finds a ``down_revision`` or ``depends_on`` that no file has as its id.

    Why it matters
    --------------
    Every Alembic command fails with a KeyError: nobody can upgrade, downgrade or even list the
    history.

    Instead
    -------
    Restore the missing file, or follow the revision that took its place.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/branches.html
    """

    code = "GRD703"
    name = "missing-parent"
    hazard = "G03"
    severity = "error"
    bad = (
        Example(
            (
                'revision = "aaaa1"\ndown_revision = None\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
                'revision = "bbbb1"\ndown_revision = "ffff9"\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
            )
        ),
    )
    good = (
        Example(
            (
                'revision = "aaaa1"\ndown_revision = None\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
                'revision = "bbbb1"\ndown_revision = "aaaa1"\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
            )
        ),
    )

    def check_history(self, history: History) -> Iterator[Finding]:
        if not history.whole:
            return
        for revision in history.revisions:
            for parent in (*revision.down, *revision.depends_on):
                if "{" in parent or history.resolve(parent) in history.by_id:
                    continue
                from difflib import get_close_matches

                near = get_close_matches(parent, list(history.by_id), n=1)
                hint = f" Did you mean {near[0]}?" if near else ""
                depends = parent not in revision.down
                name = "depends_on" if depends else "down_revision"
                verb = "depends on" if depends else "follows"
                yield self.finding(
                    revision,
                    _line_of(revision, name) if depends else revision.lines[1],
                    f"{revision.id} {verb} {parent}, which no file here defines: every Alembic command "
                    f"fails until it is there.{hint}",
                    f"Restore the missing revision, or set {name} to one that exists.",
                    objects=(parent,),
                )


def _line_of(revision: Revision, name: str) -> int:
    found = re.search(rf"^{name}\b", revision.source, re.MULTILINE)
    return revision.source.count("\n", 0, found.start()) + 1 if found else revision.lines[1]
