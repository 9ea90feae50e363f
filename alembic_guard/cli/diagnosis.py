"""What `doctor` found, and what that says of the three things that may be wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from ..facts import Finding

Verdict = Literal["confirmed", "ruled out", "unknown"]


@dataclass(frozen=True)
class Hypothesis:
    """One explanation of an application that does not see a migration."""

    name: str
    question: str
    verdict: Verdict
    because: str


@dataclass
class Diagnosis:
    """All that was found; `problems` decide the exit code."""

    alembic: dict[str, Any] = field(default_factory=dict)
    app: dict[str, Any] = field(default_factory=dict)
    same: bool | None = None
    headline: str = ""
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    hypotheses: list[Hypothesis] = field(default_factory=list)
    apps: list[dict[str, Any]] = field(default_factory=list)
    models: dict[str, Any] | None = None
    findings: list[Finding] = field(default_factory=list)
    is_apps_table_readable: bool = True

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "headline": self.headline,
            "same_database": self.same,
            "alembic": self.alembic,
            "app": self.app,
            "models": self.models,
            "apps": self.apps,
            "findings": [
                {"code": f.code, "name": f.name, "message": f.message, "help": f.help}
                for f in self.findings
            ],
            "hypotheses": [
                {"name": h.name, "question": h.question, "verdict": h.verdict, "because": h.because}
                for h in self.hypotheses
            ],
            "problems": self.problems,
            "notes": self.notes,
        }


def hypotheses(diagnosis: Diagnosis) -> Iterator[Hypothesis]:
    """The three explanations of the *runs* story, in the order in which they are true."""
    question = "The app is connected to another database than the one Alembic upgraded."
    verdict: Verdict = "unknown"
    if diagnosis.same is not None:
        verdict = "ruled out" if diagnosis.same else "confirmed"
    because = diagnosis.headline
    if diagnosis.same is None and "error" not in {**diagnosis.alembic, **diagnosis.app}:
        because = "neither --database-url nor $DATABASE_URL says which database the app uses"
    yield Hypothesis("other-database", question, verdict, because)
    pending = diagnosis.app.get("pending")
    question = "The migration was never applied to the app's database."
    if pending is None:
        yield Hypothesis("not-applied", question, "unknown", _why_not_asked(diagnosis))
    elif pending:
        because = f"not applied: {', '.join(pending)}"
        yield Hypothesis("not-applied", question, "confirmed", because)
    else:
        because = (
            f"it is at {', '.join(diagnosis.app['heads']) or 'nothing, and nothing is pending'}"
        )
        yield Hypothesis("not-applied", question, "ruled out", because)
    yield _stale_process(diagnosis)


def _why_not_asked(diagnosis: Diagnosis) -> str:
    if "error" in diagnosis.app:
        return "the app's database could not be asked"
    if "script_heads" not in diagnosis.alembic:
        return "the app's user may not read where its database stands"
    if unknown := diagnosis.app.get("unknown_heads"):
        return f"it is at {', '.join(unknown)}, of which there is no revision file"
    return "no revision files were found: is script_location in alembic.ini right?"


def _stale_process(diagnosis: Diagnosis) -> Hypothesis:
    question = "The running process still holds the schema of before the migration."
    live = [app for app in diagnosis.apps if app["state"] != "gone"]
    stale = [app for app in live if app["behind"] > 0]
    if stale:
        names = ", ".join(app["app"] for app in stale)
        return Hypothesis("stale-process", question, "confirmed", f"behind: {names}")
    if live:
        because = f"{len(live)} watched process(es) have loaded the newest epoch"
        return Hypothesis("stale-process", question, "ruled out", because)
    if diagnosis.same is False:
        because = "SQL that names the new column comes from a model that already has it"
        return Hypothesis("stale-process", question, "ruled out", because)
    because = "no live process with a SchemaWatcher is registered on the app's database"
    if "error" in diagnosis.app:
        because = "the app's database could not be asked"
    elif not diagnosis.is_apps_table_readable:
        because = "the app's user may not read alembic_guard_app"
    return Hypothesis("stale-process", question, "unknown", because)
