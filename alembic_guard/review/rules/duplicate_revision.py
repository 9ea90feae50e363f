"""GRD702: duplicate revision."""

from __future__ import annotations

from collections.abc import Iterator
from os.path import basename

from ...facts import Finding
from ..history import History
from . import Example, Rule, rule


@rule
class DuplicateRevision(Rule):
    """Two files have the same revision id.

    What it does
    ------------
    Finds revision ids that more than one file claims.

    Why it matters
    --------------
    Alembic only warns and keeps one of the files: the other migration never runs, and nobody is told
    which.

    Instead
    -------
    Give the copy an id of its own.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/branches.html
    """

    code = "GRD702"
    name = "duplicate-revision"
    hazard = "G02"
    severity = "error"
    bad = (
        Example(
            (
                'revision = "aaaa1"\ndown_revision = None\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
                'revision = "bbbb1"\ndown_revision = "aaaa1"\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
                'revision = "bbbb1"\ndown_revision = "aaaa1"\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n',
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
        for identifier, found in history.duplicates.items():
            first = found[0]
            for copy in found[1:]:
                yield self.finding(
                    copy,
                    copy.lines[0],
                    f"Revision id {identifier} is also the id of {basename(first.path)}: Alembic keeps "
                    "one of the two files and the other never runs.",
                    f"""
                    Give this revision another id, for example:

                        revision = "{_another(identifier, copy.path)}"

                    and set the down_revision of what follows it.
                    """,
                    objects=(identifier,),
                )


def _another(identifier: str, path: str) -> str:
    """A new id, the same each time it is proposed."""
    import hashlib

    text = f"{identifier}:{basename(path)}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]
