"""Small frozen values that travel between rooms.

Nothing here imports SQLAlchemy or Alembic and nothing does I/O: a room states what it
knows in these terms and another room acts on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from .record import field, frozen_record

RenameKind = Literal[
    "column",
    "table",
    "index",
    "constraint",
    "sequence",
    "statistics",
    "enum_type",
    "enum_value",
    "schema",
]
EvidenceClass = Literal["A", "B", "C"]
ChangeKind = Literal[
    "rename_column",
    "rename_table",
    "rename_index",
    "rename_constraint",
    "rename_sequence",
    "rename_enum_type",
    "rename_enum_value",
    "add_column",
    "drop_column",
    "alter_column",
    "add_table",
    "drop_table",
    "other",
]
Severity = Literal["error", "warning", "note"]


@frozen_record
class Rename:
    """One decided rename: the object `old` of `kind` becomes `new`.

    For every kind but ``table`` and ``enum_type``, `table` is the table (or the enum
    type, for an enum value) the object belongs to, under its name *before* this rename.
    """

    kind: RenameKind
    schema: str | None
    table: str | None
    old: str
    new: str
    evidence_class: EvidenceClass
    evidence: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The contract's shape: ``{kind, schema, table, old, new, class}``."""
        return {
            "kind": self.kind,
            "schema": self.schema,
            "table": self.table,
            "old": self.old,
            "new": self.new,
            "class": self.evidence_class,
        }


@frozen_record
class Hint:
    """What a person or a history says about a name, before anything is scored.

    `old` and `new` both set: the one became the other. `old` None: `new` is really new.
    `new` None: `old` is really dropped. `table` may be the owner's old or new name;
    `source` says where the hint stands, such as ``renames.toml line 3``.
    """

    kind: RenameKind
    schema: str | None
    table: str | None
    old: str | None
    new: str | None
    evidence_class: EvidenceClass
    source: str


@frozen_record
class Candidate:
    """One name the old one may have become, with what speaks for it."""

    new: str
    score: float
    evidence: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The contract's shape: ``{new, score, evidence}``."""
        return {"new": self.new, "score": round(self.score, 3), "evidence": list(self.evidence)}


@frozen_record
class Question:
    """A suspected rename nobody has decided: candidates best first, and the answers to paste."""

    kind: RenameKind
    schema: str | None
    table: str | None
    old: str
    candidates: tuple[Candidate, ...]

    @property
    def target(self) -> str:
        """The old object as the answers name it, such as ``sessions.metadata``."""
        return ".".join(part for part in (self.schema, self.table, self.old) if part)

    def answers(self) -> dict[str, str]:
        """Ready-to-paste ``-x`` answers: the best candidate, and "these are different things".

        ``new`` names the candidate as a new object; the old one is then really dropped.
        """
        import shlex

        from .renames.answers import spell  # knows the grammar, and these values

        best = self.candidates[0].new if self.candidates else "NEW_NAME"
        owner = tuple(part for part in (self.schema, self.table) if part)
        # A table that moves is named with its new schema, as candidates of tables are.
        path = tuple(best.split(".")) if self.kind == "table" else (best,)
        rename = spell("rename", self.kind, (*owner, self.old), path)
        new = spell("new", self.kind, path if len(path) > 1 else (*owner, best))
        return {"rename": f"-x {shlex.quote(rename)}", "new": f"-x {shlex.quote(new)}"}

    def to_dict(self) -> dict[str, Any]:
        """The contract's shape of one entry of ``unresolved``."""
        return {
            "kind": self.kind,
            "schema": self.schema,
            "table": self.table,
            "old": self.old,
            "candidates": [candidate.to_dict() for candidate in self.candidates],
            "answers": self.answers(),
        }


@frozen_record
class SchemaChange:
    """One structured change a migration made, as the ledger stores and the watcher reads it.

    `table` is the table's name before the change. For renames `old` and `new` are the
    names; for ``add_*`` only `new`, for ``drop_*`` only `old` is set.
    """

    kind: ChangeKind
    schema: str | None = None
    table: str | None = None
    old: str | None = None
    new: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form without empty fields."""
        values = {
            "kind": self.kind,
            "schema": self.schema,
            "table": self.table,
            "old": self.old,
            "new": self.new,
            "detail": dict(self.detail),
        }
        return {key: value for key, value in values.items() if value}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> SchemaChange:
        """Read `to_dict` back, ignoring keys a newer version may have added."""
        known = {name: values[name] for name in cls.__match_args__ if name in values}
        return cls(**known)


@frozen_record
class Location:
    """Where something stands: 1-based line and column, `path` as the user gave it."""

    path: str
    line: int
    column: int = 1
    end_line: int | None = None
    end_column: int | None = None


@frozen_record
class Edit:
    """Replace the text of `path` between two 0-based character offsets by `text`."""

    path: str
    start: int
    end: int
    text: str


@frozen_record
class Fix:
    """A titled set of edits that belong together; `safe` when it may be applied unasked."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = True


@frozen_record
class Finding:
    """One thing a rule has to say about one place.

    `code` is ``GRDnnn`` and `name` its kebab-case name; `message` says what happens and to
    whom, `help` what to write instead, with the user's own names filled in. `related` are other
    lines worth a look, such as the call that executes the SQL text a finding stands in.
    """

    code: str
    name: str
    severity: Severity
    message: str
    location: Location
    help: str = ""
    fix: Fix | None = None
    objects: tuple[str, ...] = ()
    related: tuple[Location, ...] = ()
