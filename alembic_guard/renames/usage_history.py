"""A difference of source code: which word took the place of which, and in how many lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

_WORD = re.compile(r"\w+")
# What reads an attribute or a key: `record.metadata`, `row["metadata"]`, `metadata=`.
_USE = re.compile(r"\.\w+|[\"']\w+[\"']|\b\w+(?==)")


def replaced_words(diff: str) -> Counter[tuple[str, str]]:
    """Count the lines in which nothing but one word was replaced, by ``(old, new)``.

    :param diff: the output of ``git diff -U0``.
    """
    found: Counter[tuple[str, str]] = Counter()
    for removed, added in _hunks(diff):
        if len(removed) != len(added):
            continue
        for before, after in zip(removed, added, strict=True):
            pair = _replacement(before, after)
            if pair is not None:
                found[pair] += 1
    return found


def _hunks(diff: str) -> Iterator[tuple[list[str], list[str]]]:
    removed: list[str] = []
    added: list[str] = []
    for line in diff.splitlines():
        if line.startswith(("@@", "diff ")):
            yield removed, added
            removed, added = [], []
        elif line.startswith("-") and not line.startswith("--- "):
            removed.append(line[1:])
        elif line.startswith("+") and not line.startswith("+++ "):
            added.append(line[1:])
    yield removed, added


def _replacement(before: str, after: str) -> tuple[str, str] | None:
    """The one word that became another in a line that uses it, all else being equal."""
    olds, news = _WORD.findall(before), _WORD.findall(after)
    if len(olds) != len(news) or _WORD.sub("", before) != _WORD.sub("", after):
        return None
    changed = {(old, new) for old, new in zip(olds, news, strict=True) if old != new}
    if len(changed) != 1:
        return None
    old, new = next(iter(changed))
    uses = {_WORD.findall(use)[0] for use in _USE.findall(before)}
    return (old, new) if old in uses else None
