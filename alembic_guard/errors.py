"""The errors alembic_guard raises, each carrying its fields.

::

    alembic.util.CommandError
      GuardError
        SettingsError
        UnresolvedRenames
        AnswerError
        RenameRefused
          NameTooLong, NameTaken, NameMissing, InheritedName
        ReservedNames
        ...
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from alembic.util import CommandError

from .facts import Finding, Question, Rename
from .renames.questions import describe
from .usage import UsageError


class GuardError(CommandError):
    """Base of all our errors; Alembic's command line prints it as ``FAILED: ...``."""


class SettingsError(GuardError):
    """A setting is unknown or has a value it cannot have."""

    def __init__(self, message: str, *, key: str, source: str) -> None:
        super().__init__(message)
        self.key = key
        self.source = source

    @classmethod
    def of(cls, error: UsageError) -> SettingsError:
        """The same complaint as an error of Alembic's kind."""
        return cls(str(error), key=getattr(error, "key", ""), source=getattr(error, "source", ""))


class MissingExtra(GuardError):
    """An optional library is needed and not installed."""

    def __init__(self, library: str, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs {library}, which is not installed: "
            f'pip install "alembic-guardrails[{extra}]"'
        )
        self.library = library
        self.extra = extra


class MaskedColumn(GuardError):
    """A statement needs a column the database does not have yet, and NULL would lie."""

    def __init__(self, table: str, column: str, *, use: str, pending: str) -> None:
        super().__init__(
            f"{table}.{column} is not in the database yet ({pending}); it reads as NULL "
            f"until then, and this statement {use}"
        )
        self.table = table
        self.column = column
        self.pending = pending


class SchemaNotReady(GuardError):
    """The application's models and its database disagree in a way nothing can bridge."""

    def __init__(self, message: str, *, state: str) -> None:
        super().__init__(message)
        self.state = state


class AnswerError(GuardError):
    """A recorded answer is stale, contradictory or malformed; `source` says where it stands."""

    def __init__(self, message: str, *, source: str) -> None:
        super().__init__(message)
        self.source = source


class UnresolvedRenames(GuardError):
    """Suspected renames that nobody decided; no revision file was written."""

    def __init__(
        self, questions: Sequence[Question], renames: Sequence[Rename] = (), *, message: str = ""
    ) -> None:
        self.questions = tuple(questions)
        self.renames = tuple(renames)
        super().__init__(message or describe(self.questions))

    def to_json(self) -> str:
        """The contract's JSON: what is decided, and for each old name the candidates."""
        return json.dumps(
            {
                "renames": [rename.to_dict() for rename in self.renames],
                "unresolved": [question.to_dict() for question in self.questions],
            },
            indent=2,
        )


class RenameRefused(GuardError):
    """A rename that would fail or lose something was stopped before any SQL ran."""

    def __init__(
        self, message: str, *, kind: str, owner: str | None = None, old: str = "", new: str = ""
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.owner = owner
        self.old = old
        self.new = new


class NameTooLong(RenameRefused):
    """The database would cut the new name, or refuse it."""


class NameTaken(RenameRefused):
    """Something else already has the new name."""


class NameMissing(RenameRefused):
    """There is nothing with the old name, so there is nothing to rename."""


class InheritedName(RenameRefused):
    """The object is inherited and follows its parent; `parent` must be renamed instead."""

    def __init__(self, message: str, *, parent: str, kind: str, **fields: str) -> None:
        super().__init__(message, kind=kind, **fields)
        self.parent = parent


class MigrationLocked(GuardError):
    """Another migration of this database runs; `holder` says whose, `waited` is in seconds."""

    def __init__(self, message: str, *, holder: str, waited: float) -> None:
        super().__init__(message)
        self.holder = holder
        self.waited = waited


class TableLocked(GuardError):
    """A DDL statement did not get its table lock; `blockers` are the sessions in the way."""

    def __init__(self, message: str, *, statement: str, blockers: Sequence[str]) -> None:
        super().__init__(message)
        self.statement = statement
        self.blockers = tuple(blockers)


class AppsNotPaused(GuardError):
    """Live apps did not hold their work in time, so nothing was changed."""

    def __init__(self, message: str, *, apps: Sequence[str]) -> None:
        super().__init__(message)
        self.apps = tuple(apps)


class AppsNotCurrent(GuardError):
    """The change is applied, but live apps have refused it or have not loaded it in time."""

    def __init__(self, message: str, *, refused: Sequence[str], missing: Sequence[str]) -> None:
        super().__init__(message)
        self.refused = tuple(refused)
        self.missing = tuple(missing)


class SharedLedger(GuardError):
    """The configured ledger schema holds the ledger of another database of the server."""

    def __init__(self, message: str, *, schema: str, owner: str, database: str) -> None:
        super().__init__(message)
        self.schema = schema
        self.owner = owner
        self.database = database


class PreflightRefused(GuardError):
    """The review of the pending revisions found an error, so nothing was changed."""

    def __init__(self, message: str, *, findings: Sequence[Finding]) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class ReservedNames(GuardError):
    """Models use names that SQLAlchemy, a framework or the database keeps for itself."""

    def __init__(self, findings: Sequence[Finding], *, intro: str) -> None:
        lines = [intro]
        for item in findings:
            place = f"{item.location.path}:{item.location.line}" if item.location.path else ""
            lines.append(f"  {place + ': ' if place else ''}{item.code} {item.message}")
            lines.append(f"    {item.help}")
        super().__init__("\n".join(lines))
        self.findings = tuple(findings)
