"""What is known of values after a part of a migration that may have run or not."""

from __future__ import annotations

from typing import Any

from .values import Unknown, VaryingDict, VaryingList

Snapshot = dict[str, tuple[Any, Any]]
"""Each name's value, and its content where that can change in place."""

_SCALARS = (bool, int, float, type(None))


def snapshot(scope: dict[str, Any]) -> Snapshot:
    """The names of a scope before such a part."""
    return {
        name: (value, value.copy() if isinstance(value, (list, dict)) else None)
        for name, value in scope.items()
        if not name.startswith("@")
    }


def blur(scope: dict[str, Any], before: Snapshot) -> None:
    """Forget what only holds when the part ran.

    Flags and counters are unknown then. Lists and dicts keep their items, for these may be the
    statements to review, but nobody knows whether they are empty. Text stays for the same reason.
    """
    for name, (old, content) in before.items():
        value = scope.get(name, old)
        if value is not old:
            if type(value) in _SCALARS and (type(value) is not type(old) or value != old):
                scope[name] = Unknown(name)
            elif isinstance(value, (list, dict)) and isinstance(old, (list, dict)):
                scope[name] = _varying(value)
        elif content is not None and len(value) != len(content):
            scope[name] = _varying(value)


def restore(scope: dict[str, Any], before: Snapshot) -> None:
    """Undo a part that leaves the function: what follows only runs when it did not."""
    for name in [name for name in scope if name not in before and not name.startswith("@")]:
        del scope[name]
    for name, (old, content) in before.items():
        if isinstance(old, list) and len(old) != len(content):
            old[:] = content
        elif isinstance(old, dict) and len(old) != len(content):
            old.clear()
            old.update(content)
        scope[name] = old


def _varying(value: list[Any] | dict[Any, Any]) -> VaryingList | VaryingDict:
    return VaryingDict(value) if isinstance(value, dict) else VaryingList(value)
