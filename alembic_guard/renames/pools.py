"""What hints settle, and which names are left to be paired by their likeness."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from ..facts import EvidenceClass, Hint


@dataclass(frozen=True, slots=True)
class Pool:
    """One set of names on both sides, with what hints say of them.

    :param forced: renames that are settled; :param believed: class B ones, applied unless
     something speaks against them.
    :param gone: names to be paired, in the order of their side; :param came: likewise.
    """

    forced: tuple[Hint, ...]
    believed: tuple[Hint, ...]
    gone: tuple[str, ...]
    came: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to decide."""
        return not self.forced and not (self.gone and self.came)


def pool_of(olds: Sequence[str], news: Sequence[str], hints: Sequence[Hint]) -> Pool:
    """Split the names of one owner by what is known of them.

    A forced rename may end at a name that exists already if that name moves on itself, as in
    shifts (``a -> b, b -> c``) and swaps.
    """
    known_old, known_new = set(olds), set(news)
    pairs = _pairs(hints, known_old, known_new)
    forced = tuple(hint for hint in pairs if hint.evidence_class == "A")
    believed = tuple(hint for hint in pairs if hint.evidence_class != "A")
    moved, filled = {hint.old for hint in forced}, {hint.new for hint in forced}
    dropped = {hint.old for hint in hints if hint.new is None}
    fresh = {hint.new for hint in hints if hint.old is None}
    return Pool(
        forced,
        believed,
        tuple(
            name
            for name in olds
            if name not in moved and name not in known_new and name not in dropped
        ),
        tuple(
            name
            for name in news
            if name not in filled and (name not in known_old or name in moved) and name not in fresh
        ),
    )


def _pairs(hints: Sequence[Hint], olds: Collection[str], news: Collection[str]) -> list[Hint]:
    """Renames that both sides allow, each name used once, class A before B."""
    candidates = [
        hint
        for hint in sorted(hints, key=lambda hint: hint.evidence_class)
        if hint.old in olds and hint.new in news and hint.old != hint.new
    ]
    leaving = {hint.old for hint in candidates if hint.evidence_class == "A"}
    seen_old: set[str | None] = set()
    seen_new: set[str | None] = set()
    found = []
    for hint in candidates:
        occupied = hint.new in olds and hint.new not in leaving
        if occupied or hint.old in seen_old or hint.new in seen_new:
            continue
        seen_old.add(hint.old)
        seen_new.add(hint.new)
        found.append(hint)
    return found


Test = Callable[[str, str], bool]


def implied(
    pool: Pool, tests: Iterable[tuple[EvidenceClass, str, Test]], like: Callable[[str, str], Hint]
) -> list[Hint]:
    """Renames that the names alone settle, where one old and one new name fit each other only.

    :param like: builds the hint of a pair.
    """
    found: list[Hint] = []
    taken_old = {hint.old for hint in pool.believed}
    taken_new = {hint.new for hint in pool.believed}
    for evidence_class, source, fits in tests:
        olds = [name for name in pool.gone if name not in taken_old]
        news = [name for name in pool.came if name not in taken_new]
        for old in olds:
            fitting = [new for new in news if fits(old, new)]
            if len(fitting) == 1 and sum(fits(other, fitting[0]) for other in olds) == 1:
                hint = like(old, fitting[0])
                found.append(
                    Hint(
                        hint.kind, hint.schema, hint.table, old, fitting[0], evidence_class, source
                    )
                )
                taken_old.add(old)
                taken_new.add(fitting[0])
    return found
