"""What becomes of questions: history may answer them, then a person, else the command stops."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from alembic.autogenerate.api import AutogenContext

from ..errors import AnswerError, GuardError, UnresolvedRenames
from ..facts import Candidate, Hint, Question
from ..renames.answer_file import appended
from ..renames.decision import Plan
from ..renames.questions import answered, entry, ordered, put
from .explain import questions_files, report
from .history import collect_history
from .sources import (
    answer_file_of,
    environment_of,
    heads_of,
    x_arguments,
)

log = logging.getLogger(__name__)

Ask = Callable[[Question, int, int], "Reply | None"]
Decide = Callable[[Sequence[Hint]], Plan]
Answers = list[tuple[Question, "Candidate | None"]]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a question: the candidate the old object became, or None if dropped."""

    choice: Candidate | None


def resolve(autogen_context: AutogenContext, said: Sequence[Hint], decide: Decide) -> Plan:
    """The plan that leaves nothing open: history and a person at a terminal are heard.

    Answers given at the terminal are recorded in ``renames.toml`` once the last one is
    given; who stops on the way has changed nothing.

    :param said: what `collect_hints` found.
    :param decide: decides from hints; called again as hints are added.
    :raises UnresolvedRenames: if questions are left.
    :raises AnswerError: if an answer or annotation cannot be followed.
    """
    hints = list(said)
    plan = decide(hints)
    if plan.questions:
        told = collect_history(autogen_context, plan.questions)
        hints += told
        plan = decide(hints) if told else plan
    if plan.questions and is_interactive(autogen_context):
        plan, answers = ask_all(plan, lambda new: decide([*hints, *new]), ask_in_terminal)
        record(autogen_context, answers)
    report(autogen_context, plan)
    if plan.questions:
        raise UnresolvedRenames(plan.questions, plan.renames)
    _check_followed(autogen_context, said, plan)
    return plan


def _check_followed(autogen_context: AutogenContext, said: Sequence[Hint], plan: Plan) -> None:
    """Nobody's word may be lost: the data would stay behind under the old name, or go."""
    planned = {(rename.kind, rename.schema, rename.old, rename.new) for rename in plan.renames}
    for hint in said:
        if hint.old is None or hint.new is None:
            continue
        if (hint.kind, hint.schema, hint.old, hint.new) in planned:
            continue
        message = (
            f"{hint.source}: the rename of {hint.kind} {hint.old} to {hint.new} is not planned"
        )
        if hint.kind in ("table", "column") and _is_known(autogen_context, hint):
            raise AnswerError(f"{message}; write it into a revision by hand", source=hint.source)
        log.warning(message)


def _is_known(autogen_context: AutogenContext, hint: Hint) -> bool:
    """Whether the owner is in the database; what is said of a table to come may be moot."""
    if hint.table is None:
        return True
    known: bool = autogen_context.inspector.has_table(hint.table, schema=hint.schema)
    return known


def ask_all(plan: Plan, decide: Decide, ask: Ask) -> tuple[Plan, Answers]:
    """Ask question by question, deciding again after each: one answer often settles others.

    :param ask: gets the question, its number and how many there are; None stops.
    :raises UnresolvedRenames: if the person stops.
    """
    answers: Answers = []
    while plan.questions:
        question = ordered(plan.questions)[0]
        number = len(answers) + 1
        total = number + len(plan.questions) - 1
        repeated = any(one.target == question.target for one, _ in answers)
        reply = None if repeated else ask(question, number, total)
        if reply is None:
            raise UnresolvedRenames(plan.questions, plan.renames)
        answers.append((question, reply.choice))
        plan = decide(
            [answered(one, choice, "answered at the terminal") for one, choice in answers]
        )
    return plan, answers


def is_interactive(autogen_context: AutogenContext) -> bool:
    """Whether there is a person at a terminal who is writing a revision.

    ``alembic check`` and calls from Python code never ask, nor does anything in CI, which may
    well have a terminal.
    """
    environment = environment_of(autogen_context)
    if environment is None or environment.config is None or os.environ.get("CI"):
        return False
    command = getattr(environment.config.cmd_opts, "cmd", None)
    if command is not None and command[0].__name__ != "revision":
        return False
    if questions_files(x_arguments(autogen_context)):
        return False
    return _is_terminal(sys.stdin) and _is_terminal(sys.stdout)


def ask_in_terminal(question: Question, number: int, total: int) -> Reply | None:
    """Put one question; Enter, the end of input or Ctrl-C stop."""
    sys.stdout.write(f"\n{put(question, number, total)}\n")
    places = [str(place) for place in range(1, len(question.candidates) + 1)]
    while True:
        try:
            text = input(f"{', '.join([*places, 'n'])} or Enter: ").strip().lower()
        except (EOFError, KeyboardInterrupt):
            sys.stdout.write("\n")
            return None
        if not text:
            return None
        if text == "n":
            return Reply(None)
        if text in places:
            return Reply(question.candidates[int(text) - 1])


def record(autogen_context: AutogenContext, answers: Answers) -> None:
    """Append answers to ``renames.toml``, all of them or none."""
    path = answer_file_of(autogen_context)
    if path is None or not answers:
        return
    heads = heads_of(autogen_context)
    path = path.resolve()
    try:
        before = path.read_bytes().decode("utf-8") if path.exists() else ""
        text = appended(before, [entry(question, choice, heads) for question, choice in answers])
        _replace(path, text)
    except (OSError, UnicodeDecodeError) as error:
        raise GuardError(f"{path} cannot be written: {error}") from error


def _replace(path: Path, text: str) -> None:
    """Put a whole new file in the place of `path`, so that nobody sees half of it."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()
