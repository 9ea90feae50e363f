"""What the name of a constraint says of the table and columns it stands on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from .words import words

# What kind of thing it is, which every convention says in its own way.
_KIND = frozenset(
    {
        "fk", "fkey", "foreign", "pk", "pkey", "primary", "uq", "uk", "uc", "uniq", "unique",
        "ix", "idx", "index", "key", "ck", "chk", "check", "constraint", "excl",
    }
)  # fmt: skip
_CUT_SHORT = 3


class Subject:
    """The table and the columns a constraint stands on, and what it refers to.

    :param table: name of the table.
    :param columns: columns of it the constraint stands on.
    :param target: names of the table and columns a foreign key refers to.
    """

    def __init__(self, table: str, columns: Iterable[str], target: Iterable[str] = ()) -> None:
        listed = list(columns)
        self._columns = {word for name in listed for word in words(name)}
        names = [table, *listed, *target]
        self._words = {word for name in names for word in words(name)}
        self._words |= {"".join(word[0] for word in words(name)) for name in names}

    def explains(self, name: str, was: str) -> bool:
        """Whether every word that is in `name` and was not in `was` says what is there."""
        return all(map(self._knows, Counter(words(name)) - Counter(words(was))))

    def outdates(self, was: str, name: str) -> bool:
        """Whether `was` speaks of something that is there no more, and `name` of what is.

        A name that only follows another convention is as good as the one before.
        """
        if not self.explains(name, was):
            return False
        before, now = Counter(words(was)), Counter(words(name))
        stale = any(not self._knows(word) for word in before - now)
        return stale or (self._columns <= now.keys() and not self._columns <= before.keys())

    def _knows(self, word: str) -> bool:
        """Servers and conventions cut long names, so the start of a word will do."""
        return (
            word in _KIND
            or word in self._words
            or (len(word) >= _CUT_SHORT and any(one.startswith(word) for one in self._words))
        )
