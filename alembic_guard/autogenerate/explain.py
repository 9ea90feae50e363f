"""``-x explain`` and ``-x questions=FILE``: the decision told to a person, and to a program.

Alembic's command line takes no options of plugins, so these travel as ``-x`` arguments::

    alembic -x explain revision --autogenerate -m "..."
    alembic -x questions=questions.json revision --autogenerate -m "..."

The file (``-`` for standard output) holds what `UnresolvedRenames.to_json` gives, also when
nothing is undecided; asking for it means that nobody is asked in the terminal.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from alembic.autogenerate.api import AutogenContext

from ..errors import GuardError, UnresolvedRenames
from ..facts import EvidenceClass, Rename
from ..renames.decision import Plan
from ..renames.questions import ordered
from .sources import environment_of, x_arguments

EXPLAIN = "explain"
QUESTIONS = "questions="
_CLASSES: dict[EvidenceClass, str] = {
    "A": "certain: somebody said so, or the names leave no choice",
    "B": "the history of the models, or a reserved name, says so",
    "C": "likely: the schemas alone say so",
}


def report(autogen_context: AutogenContext, plan: Plan) -> None:
    """Tell the plan to whoever asked for it with ``-x``."""
    arguments = x_arguments(autogen_context)
    if EXPLAIN in arguments:
        _print(autogen_context, explained(plan))
    for name in questions_files(arguments):
        text = UnresolvedRenames(plan.questions, plan.renames).to_json()
        if name == "-":
            _print(autogen_context, text)
        else:
            _write(name, text)


def questions_files(arguments: Sequence[str]) -> list[str]:
    """Where the questions are to be written."""
    return [item[len(QUESTIONS) :] for item in arguments if item.startswith(QUESTIONS)]


def explained(plan: Plan) -> str:
    """The plan with its evidence, rename by rename and question by question."""
    lines = ["Renames:"]
    if not plan.renames and not plan.questions:
        lines = ["Renames: nothing that is dropped looks like anything that is added."]
    for rename in plan.renames:
        lines.append(f"  {_said(rename)}")
        lines.append(f"    {rename.evidence_class} ({_CLASSES[rename.evidence_class]})")
        lines += [f"    - {text}" for text in rename.evidence]
    for question in ordered(plan.questions):
        kind = question.kind.replace("_", " ")
        lines.append(f"  {kind} {question.target} -> undecided")
        for candidate in question.candidates:
            lines.append(f"    {candidate.new}? score {candidate.score:.2f}")
            lines += [f"      - {text}" for text in candidate.evidence]
    lines += [f"  {note}" for note in plan.notes]
    return "\n".join(lines)


def _said(rename: Rename) -> str:
    owner = ".".join(part for part in (rename.schema, rename.table) if part)
    old = f"{owner}.{rename.old}" if owner else rename.old
    return f"{rename.kind.replace('_', ' ')} {old} -> {rename.new}"


def _print(autogen_context: AutogenContext, text: str) -> None:
    environment = environment_of(autogen_context)
    if environment is not None and environment.config is not None:
        environment.config.print_stdout("%s", text)


def _write(name: str, text: str) -> None:
    try:
        Path(name).write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise GuardError(f"-x {QUESTIONS}{name}: {error}") from error
