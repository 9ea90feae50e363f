"""One row of the ledger as a value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from ..facts import SchemaChange

Phase = Literal["created", "pause", "applied", "resumed", "failed"]
Direction = Literal["upgrade", "downgrade", "stamp", "announce"]
Mode = Literal["announce", "pause", "compat", "expand", "contract"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened to the schema, or is about to.

    ``created`` is the ledger's birth and carries the database's uuid; ``pause`` asks the
    apps to hold their work for at most `lease` seconds after `at`; ``applied`` says the
    changes are committed; ``resumed`` takes a pause back, nothing was changed; ``failed``
    says a step broke on a database whose DDL cannot be rolled back, so that anything may
    have changed. No `touched` on an ``applied`` or ``failed`` entry means: look at
    everything. `epoch` and `at` (seconds since 1970, by the database's clock) are set by
    the ledger.
    """

    phase: Phase
    revision: str | None = None
    direction: Direction | None = None
    heads: tuple[str, ...] = ()
    mode: Mode | None = None
    changes: tuple[SchemaChange, ...] = ()
    touched: tuple[str, ...] = ()
    fingerprint: str | None = None
    lease: float | None = None
    author: str | None = None
    message: str | None = None
    identity: str | None = None
    epoch: int = 0
    at: float = 0.0
    database_uuid: str = ""

    def to_row(self) -> dict[str, Any]:
        """The columns a writer sets; the ledger adds epoch, time and database uuid."""
        return {
            "phase": self.phase,
            "revision": self.revision,
            "direction": self.direction,
            "heads": _json(list(self.heads)),
            "mode": self.mode,
            "changes": _json([change.to_dict() for change in self.changes]),
            "touched": _json(list(self.touched)),
            "fingerprint": self.fingerprint,
            "lease": self.lease,
            "author": self.author,
            "message": self.message,
            "identity": self.identity,
        }

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Entry:
        """Read a row, with whatever columns this version does not know left out."""
        values = {name: row[name] for name in cls.__slots__ if name in row}
        values["heads"] = tuple(json.loads(row["heads"] or "[]"))
        values["touched"] = tuple(json.loads(row["touched"] or "[]"))
        changes = json.loads(row["changes"] or "[]")
        values["changes"] = tuple(SchemaChange.from_dict(change) for change in changes)
        return cls(**values)

    def with_changes(self, *changes: SchemaChange) -> Entry:
        """This entry with other changes."""
        return replace(self, changes=changes)


def _json(value: Any) -> str:
    """Compact JSON that survives being a literal in an SQL script: no percent sign."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True).replace("%", "\\u0025")
