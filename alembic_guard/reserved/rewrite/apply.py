"""Apply edits to text, and show what they change."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from ...facts import Edit


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """`text` with non-overlapping edits applied; equal edits count once.

    :raises ValueError: two different edits overlap.
    """
    parts: list[str] = []
    position = 0
    for edit in sorted(set(edits), key=lambda item: (item.start, item.end)):
        if edit.start < position:
            raise ValueError(f"{edit.path}: two edits overlap at offset {edit.start}")
        parts += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join([*parts, text[position:]])


def unified_diff(path: str, before: str, after: str) -> str:
    """The change of one file as `diff -u` shows it."""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
