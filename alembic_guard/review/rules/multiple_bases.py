"""GRD705: multiple bases."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..history import History
from . import Example, Rule, rule


@rule
class MultipleBases(Rule):
    """The history has more than one beginning.

    What it does
    ------------
    Finds a second revision with ``down_revision = None`` that is not a labelled branch.

    Why it matters
    --------------
    A second base is usually a lost ``down_revision``: its migration runs in no order with respect to
    all the others.

    Instead
    -------
    Set its down_revision, or give the branch a label when it is meant to be independent.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/branches.html
    """

    code = "GRD705"
    name = "multiple-bases"
    hazard = "G05"
    severity = "warning"
    supersedes = ("GRD701",)
    bad = (
        Example(
            (
                'revision = "aaaa1"\ndown_revision = None\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
                'revision = "bbbb1"\ndown_revision = "aaaa1"\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
                'revision = "eeee1"\ndown_revision = None\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
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
        bases = [base for base in history.bases if not base.branch_labels and not base.depends_on]
        if not history.whole or len(bases) < 2:
            return
        for base in bases[1:]:
            yield self.finding(
                base,
                base.lines[1],
                f"{base.id} follows nothing, and so does {bases[0].id}: one of them has lost its place "
                "in the history.",
                "Set down_revision to the revision it follows, or give it branch_labels when it is a "
                "history of its own.",
                objects=(base.id or "",),
            )
