"""What keeps a likely pair from being applied unasked, however alike the names are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from .words import words

_DATA = Path(__file__).with_name("sensitive_words.txt")


@lru_cache(maxsize=1)
def word_lists() -> Mapping[str, frozenset[str]]:
    """The lists of the data file: ``sensitive`` and ``transformed``."""
    lists: dict[str, list[str]] = {}
    current: list[str] = []
    for line in _DATA.read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if text.startswith("["):
            current = lists.setdefault(text.strip("[]"), [])
        else:
            current += text.split()
    return {name: frozenset(found) for name, found in lists.items()}


def name_veto(old: str, new: str) -> str | None:
    """Why the data must not move from one name to the other unasked, or None.

    ``roles`` and ``permissions`` are both sensitive, so neither gains by the rename; a
    ``token`` and a ``token_hash`` hold different values whatever else is said of them.
    """
    left, right = set(words(old)), set(words(new))
    computed = (left ^ right) & word_lists()["transformed"]
    if computed:
        return f"{_listed(computed)} in one name only says that the values differ"
    known = word_lists()["sensitive"]
    if bool(left & known) == bool(right & known):
        return None
    sensitive = (left | right) & known
    return f"{_listed(sensitive)} in one name only, and data must not gain or lose such a meaning"


def _listed(found: set[str]) -> str:
    return ", ".join(sorted(found))
