"""Words that were replaced by other words, and how often.

One substitution seen in many places (``user`` by ``account``) speaks for each of them, and
the rename of a table explains the columns that carry its name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .words import substitution, words

Substitution = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Substitutions with the number of places, and those that renamed tables show."""

    counts: Mapping[Substitution, int] = field(default_factory=dict)
    of_tables: Mapping[str, tuple[str, frozenset[str]]] = field(default_factory=dict)

    def places(self, old: str, new: str) -> int:
        """In how many places exactly these words were replaced by these."""
        changed = substitution(old, new)
        return self.counts.get(changed, 0) if changed else 0

    def follows(self, old: str, new: str, besides: str | None = None) -> bool:
        """Whether `new` is `old` with the words of a renamed table replaced.

        :param besides: a table that cannot be its own evidence.
        """
        if not self.of_tables:
            return False
        one, other = "".join(words(old)), "".join(words(new))
        return any(
            gone in one and one.replace(gone, came) == other and tables - {besides}
            for gone, (came, tables) in self.of_tables.items()
        )


def learn(tables: Iterable[tuple[str, str]], columns: Iterable[tuple[str, str]]) -> Vocabulary:
    """The vocabulary of presumed renames, as ``(old, new)`` names of tables and columns."""
    counts: Counter[Substitution] = Counter()
    of_tables: dict[str, tuple[str, frozenset[str]]] = {}
    for old, new in tables:
        changed = substitution(old, new)
        if changed:
            counts[changed] += 2
            for gone, came in (changed, (words(old), words(new))):
                if gone and came:
                    known = of_tables.get("".join(gone), ("", frozenset()))[1]
                    of_tables["".join(gone)] = "".join(came), known | {old}
    for old, new in columns:
        changed = substitution(old, new)
        if changed:
            counts[changed] += 1
    return Vocabulary(dict(counts), of_tables)
