"""Questions about renames: which comes first, and how one is put to a person or a program."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Sequence

from ..facts import Candidate, Hint, Question, RenameKind
from .answer_file import FILE_NAME, write_answer
from .answers import Path, spell

_ORDER: tuple[RenameKind, ...] = (
    "schema",
    "table",
    "enum_type",
    "sequence",
    "column",
    "enum_value",
    "index",
    "constraint",
)


def ordered(questions: Iterable[Question]) -> list[Question]:
    """The questions, first the one whose answer settles most of the others.

    A table comes before what is in it; within a table, the old name whose candidates most
    other old names compete for. Names decide between equals, so the order is always the same.
    """
    asked = list(questions)
    wanted = Counter(
        (_owner(question), candidate.new) for question in asked for candidate in question.candidates
    )

    def rivals(question: Question) -> int:
        return sum(wanted[_owner(question), item.new] - 1 for item in question.candidates)

    return sorted(asked, key=lambda item: (_ORDER.index(item.kind), -rivals(item), item.target))


def path_of(question: Question, name: str | None = None) -> Path:
    """The path of the old object, or of another one beside it, as answers name it."""
    parts = (question.schema, question.table, question.old if name is None else name)
    return tuple(part for part in parts if part)


def answered(question: Question, choice: Candidate | None, source: str) -> Hint:
    """The hint an answer gives: the candidate the old one became, or None if it is dropped."""
    new = choice.new if choice is not None else None
    return Hint(question.kind, question.schema, question.table, question.old, new, "A", source)


def entry(question: Question, choice: Candidate | None, after: Iterable[str] | None = None) -> str:
    """The answer as it stands in ``renames.toml``."""
    if choice is None:
        return write_answer("drop", question.kind, path_of(question), None, after)
    return write_answer("rename", question.kind, path_of(question), choice.new, after)


def put(question: Question, number: int, total: int) -> str:
    """The question as a person reads it, with its numbered candidates."""
    kind = question.kind.replace("_", " ")
    intro = f"[{number} of {total}] The models have no {kind} {question.target} any more,"
    lines = [
        f"{intro} the database has. What became of it?",
        *(
            f"  {place}) it is {candidate.new} now   ({_reasons(candidate)})"
            for place, candidate in enumerate(question.candidates, start=1)
        ),
        f"  n) it is none of these: drop {question.target} with everything in it",
        "  Enter) stop and write nothing",
    ]
    return "\n".join(lines)


def describe(questions: Sequence[Question]) -> str:
    """The undecided questions with answers to paste, for where nobody can be asked."""
    intro = (
        f"{len(questions)} suspected rename(s) are undecided; nothing was written, because a wrong "
        "guess would drop data. Say what each is, on the command line or in "
        f"{FILE_NAME} beside versions/:"
    )
    lines = [intro]
    for question in ordered(questions):
        lines += ["", *_with_answers(question)]
    return "\n".join(lines)


def _with_answers(question: Question) -> list[str]:
    kind = question.kind.replace("_", " ")
    if not question.candidates:
        return [f"  {kind} {question.target}: what became of it?"]
    first, *others = question.candidates
    answers = question.answers()
    lines = [f"  {kind} {question.target}: renamed to {first.new}? ({_reasons(first)})"]
    lines += [f"    or to {other.new}? ({_reasons(other)})" for other in others]
    drop = f"-x {shlex.quote(spell('drop', question.kind, path_of(question)))}"
    choices = [
        ("it was renamed", answers["rename"]),
        (f"drop it, {first.new} is new", answers["new"])
        if not others
        else ("drop it, the others are new", drop),
    ]
    width = max(len(label) for label, _ in choices) + 1
    lines += [
        f"    {label + ':':{width}} alembic {answer} revision --autogenerate ..."
        for label, answer in choices
    ]
    lines.append(f"    or, if it was renamed, in {FILE_NAME}:")
    lines += [f"      {row}" for row in entry(question, first).splitlines()]
    return lines


def _reasons(candidate: Candidate) -> str:
    return ", ".join([f"score {candidate.score:.2f}", *candidate.evidence])


def _owner(question: Question) -> tuple[str, str | None, str | None]:
    return (question.kind, question.schema, question.table)
