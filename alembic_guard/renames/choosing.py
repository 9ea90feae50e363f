"""From verdicts on pairs to choices: which are applied, which are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..facts import Candidate, EvidenceClass, Hint, Question
from .assignment import assign, margins
from .scoring import Bounds, Verdict

_CANDIDATES = 5
Judged = tuple[str, str, Verdict]
Ask = Callable[[str, Sequence[Candidate]], Question]


@dataclass(frozen=True, slots=True)
class Choice:
    """One pair the assignment settled on; `applied` when nobody need be asked.

    :param margin: by how many points it beats the best assignment without it.
    """

    old: str
    new: str
    evidence_class: EvidenceClass
    evidence: tuple[str, ...]
    applied: bool
    points: float = 99.0
    margin: float = 99.0


@dataclass(frozen=True, slots=True)
class Choices:
    """What became of one pool."""

    chosen: tuple[Choice, ...] = ()
    questions: tuple[Question, ...] = ()

    def applied(self) -> dict[str, str]:
        """The decided renames, old to new."""
        return {choice.old: choice.new for choice in self.chosen if choice.applied}


def settled(hints: Sequence[Hint]) -> tuple[Choice, ...]:
    """Renames that need no likeness."""
    return tuple(
        Choice(hint.old, hint.new, hint.evidence_class, (hint.source,), True)
        for hint in hints
        if hint.old is not None and hint.new is not None
    )


def choose(judged: Sequence[Judged], bounds: Bounds, ask: Ask, *, unasked: bool) -> Choices:
    """Pair names by likeness; without `unasked` every suspected pair becomes a question."""
    table = _Table(judged, bounds)
    best = assign(table.weights)
    clear = margins(table.weights, best)
    chosen, questions = [], []
    for row, old in enumerate(table.olds):
        column = best.get(row)
        if column is not None:
            verdict = table.verdicts[row, column]
            applied = (
                unasked
                and verdict.veto is None
                and verdict.points >= bounds.confident
                and clear[row] >= bounds.clear
            )
            texts = verdict.texts()
            new = table.news[column]
            chosen.append(Choice(old, new, "C", texts, applied, verdict.points, clear[row]))
            if applied:
                continue
        candidates = table.candidates(row, column)
        if candidates:
            questions.append(ask(old, candidates))
    taken = {choice.new for choice in chosen if choice.applied}
    return Choices(tuple(chosen), tuple(_without(taken, questions)))


def _without(taken: set[str], questions: Sequence[Question]) -> list[Question]:
    """Drop candidates that became something else, and questions nothing is left of."""
    found = []
    for question in questions:
        left = tuple(item for item in question.candidates if item.new not in taken)
        if left:
            found.append(
                Question(question.kind, question.schema, question.table, question.old, left)
            )
    return found


class _Table:
    """Verdicts by row and column."""

    def __init__(self, judged: Sequence[Judged], bounds: Bounds) -> None:
        self.bounds = bounds
        self.olds = sorted({old for old, _new, _verdict in judged})
        self.news = sorted({new for _old, new, _verdict in judged})
        row = {name: number for number, name in enumerate(self.olds)}
        column = {name: number for number, name in enumerate(self.news)}
        self.verdicts: Mapping[tuple[int, int], Verdict] = {
            (row[old], column[new]): verdict for old, new, verdict in judged
        }
        self.points = {pair: verdict.points for pair, verdict in self.verdicts.items()}
        self.weights = {
            pair: points - bounds.suspicious
            for pair, points in self.points.items()
            if points > bounds.suspicious
        }
        self.by_row: dict[int, list[int]] = {}
        for number, place in self.weights:
            self.by_row.setdefault(number, []).append(place)

    def candidates(self, row: int, best: int | None) -> list[Candidate]:
        """The suspicious partners of a row, the assigned one first."""
        ranked = sorted(
            self.by_row.get(row, ()),
            key=lambda column: (column != best, -self.points[row, column], self.news[column]),
        )
        return [
            Candidate(
                self.news[column],
                self.verdicts[row, column].score,
                self.verdicts[row, column].texts(),
            )
            for column in ranked[:_CANDIDATES]
        ]
