"""The text of a string literal with the place in the source each character comes from."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

_PIECE = re.compile(r"(?i)([rbuf]*)(\"\"\"|'''|\"|')")
_ESCAPE = re.compile(
    r"\\(?:\r\n|\n|\r|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|.)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class LiteralText:
    """What a literal says; `offsets` gives a source offset for each character, -1 if none.

    Fields of f-strings stand as ``f`` characters without an offset.
    """

    text: str
    offsets: tuple[int, ...]

    def source_range(self, start: int, end: int) -> tuple[int, int] | None:
        """Where ``text[start:end]`` stands in the source, if it stands there in one piece."""
        if start == end:
            return None
        places = self.offsets[start:end]
        if -1 in places or places[-1] - places[0] != len(places) - 1:
            return None
        return places[0], places[-1] + 1


def literal_text(source: str, start: int, end: int) -> LiteralText | None:
    """Read the literal (or several, implicitly joined) that stands at ``source[start:end]``."""
    characters: list[str] = []
    offsets: list[int] = []
    position = start
    while position < end:
        position = _skip_between(source, position, end)
        if position >= end:
            break
        match = _PIECE.match(source, position, end)
        if match is None or "b" in match[1].lower():
            return None
        closing = _closing(source, match.end(), end, match[2], raw="r" in match[1].lower())
        if closing is None:
            return None
        _read(source, match.end(), closing, match[1].lower(), characters, offsets)
        position = closing + len(match[2])
    return LiteralText("".join(characters), tuple(offsets))


def _skip_between(source: str, position: int, end: int) -> int:
    """Skip blanks, comments and line continuations between joined literals."""
    while position < end:
        if source[position] == "#":
            while position < end and source[position] not in "\r\n":
                position += 1
        elif source[position].isspace() or source[position] in "\\()":
            position += 1
        else:
            break
    return position


def _closing(source: str, position: int, end: int, quote: str, *, raw: bool) -> int | None:
    while position < end:
        if source[position] == "\\":
            position += 2
        elif source.startswith(quote, position):
            return position
        else:
            position += 1
    return None


def _read(
    source: str, start: int, end: int, prefix: str, characters: list[str], offsets: list[int]
) -> None:
    position = start
    while position < end:
        character = source[position]
        if "f" in prefix and character in "{}":
            position = _read_field(source, position, end, characters, offsets)
            continue
        escape = (
            None if "r" in prefix or character != "\\" else _ESCAPE.match(source, position, end)
        )
        if escape is None:
            characters.append(character)
            offsets.append(position)
            position += 1
            continue
        for decoded in _decode(escape[0]):
            characters.append(decoded)
            offsets.append(-1)
        position = escape.end()


def _read_field(
    source: str, position: int, end: int, characters: list[str], offsets: list[int]
) -> int:
    if source.startswith(("{{", "}}"), position):
        characters.append(source[position])
        offsets.append(position)
        return position + 2
    depth, begin = 0, position
    while position < end:
        depth += {"{": 1, "}": -1}.get(source[position], 0)
        position += 1
        if depth == 0:
            break
    characters += "f" * (position - begin)
    offsets += [-1] * (position - begin)
    return position


def _decode(escape: str) -> str:
    if escape[1] in "\r\n":
        return ""
    try:
        return str(ast.literal_eval(f'"{escape}"')) if escape != '\\"' else '"'
    except (SyntaxError, ValueError):
        return escape
