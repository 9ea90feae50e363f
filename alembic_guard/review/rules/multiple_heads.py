"""GRD701: multiple heads."""

from __future__ import annotations

from collections.abc import Iterator
from os.path import basename

from ...facts import Finding
from ..history import History
from ..revision import Revision
from . import Example, Rule, rule


@rule
class MultipleHeads(Rule):
    """The history has more than one head.

    What it does
    ------------
    Finds revisions that nobody follows, when there are several and they are not labelled branches.

    Why it matters
    --------------
    ``alembic upgrade head`` stops with "Multiple head revisions are present": the deployment fails
    for everybody until the branches are merged.

    Instead
    -------
    Merge them with ``alembic merge``, or point the newer one at the other head.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/branches.html
    """

    code = "GRD701"
    name = "multiple-heads"
    hazard = "G01"
    severity = "error"
    LISTED = 10
    bad = (
        Example(
            (
                'revision = "aaaa1"\ndown_revision = None\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
                'revision = "bbbb1"\ndown_revision = "aaaa1"\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
                'revision = "cccc1"\ndown_revision = "aaaa1"\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
            )
        ),
    )
    good = (
        Example(
            (
                'revision = "aaaa1"\ndown_revision = None\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
                'revision = "bbbb1"\ndown_revision = "aaaa1"\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
                'revision = "cccc1"\ndown_revision = "aaaa1"\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
                'revision = "dddd1"\ndown_revision = ("bbbb1", "cccc1")\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
            )
        ),
    )

    def check_history(self, history: History) -> Iterator[Finding]:
        heads = [h for h in history.heads if not _stands_apart(h, history)]
        if not history.whole or len(heads) < 2 or history.cycles:
            return
        listed = [f"{head.id} ({basename(head.path)})" for head in heads[: self.LISTED]]
        names = ", ".join(listed)
        if len(heads) > self.LISTED:
            names += f" and {len(heads) - self.LISTED} more"
            command = "heads"
        else:
            command = " ".join(head.id or "" for head in heads)
        last = heads[-1]
        yield self.finding(
            last,
            last.lines[0],
            f"The history has {len(heads)} heads: {names}. `alembic upgrade head` refuses to choose.",
            f"""
            Merge them:

                alembic merge -m "merge heads" {command}

            or set down_revision of {last.id} to the other head.
            """,
            objects=[head.id or "" for head in heads],
        )


def _stands_apart(head: Revision, history: History) -> bool:
    """Whether its branch has a label, or lacks a revision that may well join it to the others."""
    seen: set[str | None] = set()
    waiting = [head]
    while waiting:
        revision = waiting.pop()
        if revision.branch_labels or not revision.down_known:
            return True
        if any(history.resolve(name) not in history.by_id for name in revision.down):
            return True
        if revision.id not in seen:
            seen.add(revision.id)
            waiting.extend(history.parents(revision))
    return False
