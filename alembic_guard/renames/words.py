"""How alike two names are, by the words they are made of."""

from __future__ import annotations

import re
from functools import lru_cache

_SPLIT = re.compile(r"[A-Z]{2,}s(?![a-z])|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
# Words that say little about which thing is meant.
_WEAK = frozenset(
    {
        "id",
        "name",
        "is",
        "at",
        "on",
        "by",
        "type",
        "key",
        "value",
        "date",
        "time",
        "the",
        "of",
        "to",
    }
)


@lru_cache(maxsize=16384)
def words(name: str) -> tuple[str, ...]:
    """The words of a name, lower case and singular: ``userIDs`` -> ``("user", "id")``."""
    return tuple(_singular(word.lower()) for word in _SPLIT.findall(name))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ses", "xes", "ches", "shes")):
        return word[:-2]
    if (
        (len(word) > 3 or word == "ids")
        and word.endswith("s")
        and not word.endswith(("ss", "us", "is"))
    ):
        return word[:-1]
    return word


@lru_cache(maxsize=16384)
def squeezed(name: str) -> str:
    """The name without separators and case: ``meta_data`` and ``metaData`` are ``metadata``."""
    return "".join(character for character in name.lower() if character.isalnum())


@lru_cache(maxsize=65536)
def word_likeness(one: str, other: str) -> float:
    """0 to 1: equal words, an abbreviation of each other, a few letters apart, unrelated."""
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    if len(short) >= 3 and long.startswith(short):
        return 0.85
    if len(short) >= 2 and short[0] == long[0] and _is_subsequence(short, long):
        return 0.7 if len(short) * 2 >= len(long) else 0.5
    if len(short) >= 4:
        shared = _common_prefix(short, long)
        if shared >= 4 and shared * 3 >= len(long) * 2:
            return 0.7
        if _one_edit_apart(short, long):
            return 0.8
    return 0.0


def _is_subsequence(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)


def _common_prefix(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _one_edit_apart(short: str, long: str) -> bool:
    if len(long) - len(short) > 1:
        return False
    start = _common_prefix(short, long)
    if len(short) == len(long):
        return short[start + 1 :] == long[start + 1 :] or (
            short[start : start + 2] == long[start : start + 2][::-1]
            and short[start + 2 :] == long[start + 2 :]
        )
    return short[start:] == long[start + 1 :]


@lru_cache(maxsize=262144)
def likeness(one: str, other: str) -> float:
    """0 to 1, by the words two names share; weak words (``id``, ``name``) count a third."""
    if squeezed(one) == squeezed(other):
        return 1.0
    left, right = words(one), words(other)
    if not left or not right:
        return 0.0
    if left == right:
        return 0.97
    shared = 0.0
    rest = list(right)
    for word in left:
        best = max(rest, key=lambda other_word: word_likeness(word, other_word), default=None)
        if best is None:
            break
        alike = word_likeness(word, best)
        if alike > 0:
            rest.remove(best)
            shared += alike * (_weight(word) + _weight(best)) / 2
    total = sum(map(_weight, left)) + sum(map(_weight, right))
    return min(0.95, max(2 * shared / total, _spelling(squeezed(one), squeezed(other))))


def _spelling(one: str, other: str) -> float:
    """Shared pairs of letters, for words that run together: ``versionid``, ``revisionid``."""
    left = [one[at : at + 2] for at in range(len(one) - 1)]
    right = {other[at : at + 2] for at in range(len(other) - 1)}
    shared = sum(pair in right for pair in left)
    dice = 2 * shared / (len(left) + len(right)) if left and right else 0.0
    return 0.85 * dice if dice >= 0.55 else 0.0


def _weight(word: str) -> float:
    return 0.34 if word in _WEAK else 1.0


def substitution(old: str, new: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The words that went and the words that came, or None where nothing stays or nothing goes.

    ``user_id`` -> ``account_id`` is ``(("user",), ("account",))``: the same substitution in
    many tables speaks for each of them.
    """
    left, right = list(words(old)), list(words(new))
    while left and right and left[0] == right[0]:
        del left[0], right[0]
    while left and right and left[-1] == right[-1]:
        del left[-1], right[-1]
    if not left and not right:
        return None
    return tuple(left), tuple(right)
