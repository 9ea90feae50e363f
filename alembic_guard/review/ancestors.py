"""The history behind single files: what stood before them in the same folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence

from ..record import frozen_record

_REVISION = re.compile(r"^revision\s*(?::[^=\n]+)?=\s*[\"']([^\"']+)[\"']", re.MULTILINE)
_DOWN = re.compile(
    r"^(?:down_revision|depends_on)\s*(?::[^=\n]+)?=\s*(\([^)]*\)|\[[^\]]*\]|[^\n]*)", re.MULTILINE
)
_NAME = re.compile(r"[\"']([^\"']+)[\"']")


@frozen_record
class _Head:
    """The identifiers at the top of a revision file, found without parsing it."""

    path: str
    id: str
    parents: tuple[str, ...]


def ancestor_files(paths: Sequence[str]) -> list[str]:
    """The files that the named files follow, directly or not, and that stand beside them.

    A folder among `paths` needs none: all it holds is reviewed.
    """
    named = [path for path in paths if path.endswith(".py") and os.path.isfile(path)]
    if len(named) != len(paths):
        return []
    given = {os.path.realpath(path) for path in named}
    found: list[str] = []
    for folder in dict.fromkeys(os.path.dirname(path) or "." for path in named):
        found += _behind([p for p in named if (os.path.dirname(p) or ".") == folder], folder)
    return [path for path in found if os.path.realpath(path) not in given]


def _behind(named: Iterable[str], folder: str) -> list[str]:
    waiting = [parent for path in named for head in _heads([path]) for parent in head.parents]
    if not waiting:
        return []
    beside = sorted(entry.path for entry in os.scandir(folder) if entry.name.endswith(".py"))
    known = {head.id: head for head in _heads(beside)}
    found: dict[str, None] = {}
    seen: set[str] = set()
    while waiting:
        head = known.get(waiting.pop())
        if head is not None and head.id not in seen:
            seen.add(head.id)
            found[head.path] = None
            waiting.extend(head.parents)
    return sorted(found)


def _heads(paths: Iterable[str]) -> list[_Head]:
    found = []
    for path in paths:
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                text = file.read()
        except OSError:
            continue
        revision = _REVISION.search(text)
        if revision is not None:
            parents = [name for match in _DOWN.findall(text) for name in _NAME.findall(match)]
            found.append(_Head(path, revision[1], tuple(parents)))
    return found
