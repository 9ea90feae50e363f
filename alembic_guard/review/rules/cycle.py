"""GRD704: cycle."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..history import History
from . import Example, Rule, rule


@rule
class Cycle(Rule):
    """Revisions follow each other in a circle.

    What it does
    ------------
    Finds revisions that are their own ancestors.

    Why it matters
    --------------
    Alembic stops with "Cycle is detected in revisions": no command works any more.

    Instead
    -------
    Point one of them at the revision that came before the circle.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/branches.html
    """

    code = "GRD704"
    name = "cycle"
    hazard = "G04"
    severity = "error"
    bad = (
        Example(
            (
                'revision = "aaaa1"\ndown_revision = "cccc1"\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
                'revision = "bbbb1"\ndown_revision = "aaaa1"\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
                'revision = "cccc1"\ndown_revision = "bbbb1"\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
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
        for cycle in history.cycles:
            first = min(cycle, key=lambda revision: revision.path)
            names = " -> ".join(str(revision.id) for revision in (*cycle, cycle[0]))
            yield self.finding(
                first,
                first.lines[1],
                f"These revisions follow each other in a circle: {names}.",
                "Set the down_revision of the oldest of them to the revision that came before it.",
                objects=[revision.id or "" for revision in cycle],
            )
