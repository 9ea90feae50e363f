"""Where the code stands in the schema's history, told from the revision files it came with.

The files beside a process say what its models already have that the database does not, or what
the database has that the models do not know of. Names alone cannot tell a swap from its opposite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..facts import SchemaChange
from ..ledger import Entry
from .alembic_side import AlembicSide
from .revision_files import Revision


@dataclass(frozen=True)
class Position:
    """What the code has and the database has not.

    :param ahead: revisions that were pending when the process started, and still are.
    :param owed: the revisions of `ahead` whose ledger entry has not been seen.
    """

    ahead: tuple[Revision, ...] = ()
    owed: frozenset[str] = frozenset()

    @property
    def changes(self) -> list[SchemaChange]:
        """What the revisions still to come will do, oldest first."""
        return [change for revision in self.ahead for change in revision.changes]

    def news(self, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """Those of `entries` the code does not have anyway."""
        return tuple(entry for entry in entries if not self._has(entry))

    def after(self, entries: Sequence[Entry], pending: Sequence[Revision]) -> Position:
        """The position once `entries` were read and these revisions are pending."""
        ids = {revision.id for revision in pending}
        seen = {entry.revision for entry in entries if self._has(entry)}
        ahead = tuple(revision for revision in self.ahead if revision.id in ids - seen)
        return replace(self, ahead=ahead, owed=self.owed - seen)

    def _has(self, entry: Entry) -> bool:
        return entry.direction == "upgrade" and entry.revision in self.owed


NOWHERE = Position()
"""Nothing is known, or the code has what the database has."""


def first_position(
    side: AlembicSide | None, heads: tuple[str, ...], entries: Sequence[Entry]
) -> tuple[Position, tuple[Entry, ...]]:
    """The position at the first look, and what happened since the code was written.

    :param heads: where the database stands; without any, nothing is known.
    :param entries: the ledger, oldest first.
    """
    if side is None or not heads:
        return NOWHERE, ()
    if not side.knows(heads):
        known = [n for n, e in enumerate(entries, 1) if e.heads and side.knows(e.heads)]
        return NOWHERE, tuple(entries[known[-1] :]) if known else ()
    pending = tuple(side.pending(heads))
    return Position(pending, frozenset(revision.id for revision in pending)), ()
