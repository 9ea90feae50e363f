"""On which source line each character of a string literal stands.

`ast` gives a literal one position, even when it is written over many lines or in adjacent
pieces; a finding in SQL text needs the line of the statement inside it.
"""

from __future__ import annotations

import re

_OPEN = re.compile(r"(?P<prefix>[A-Za-z]{0,2})(?P<quote>'''|\"\"\"|'|\")")
_ESCAPE = re.compile(
    r"\\(?:\r\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|.)", re.DOTALL
)


def character_lines(segment: str, first_line: int) -> list[int]:
    """The line of each character of the literal written as `segment`.

    Adjacent literals count as one. The fields of an f-string give no characters.
    """
    lines: list[int] = []
    position, line = 0, first_line
    while position < len(segment):
        char = segment[position]
        if char == "#":
            newline = segment.find("\n", position)
            position = len(segment) if newline < 0 else newline
            continue
        match = _OPEN.match(segment, position)
        if match is None:
            line += char == "\n"
            position += 1
            continue
        position, line = _literal(segment, match, line, lines)
    return lines


def _literal(segment: str, match: re.Match[str], line: int, lines: list[int]) -> tuple[int, int]:
    """Walk one literal up to its closing quote."""
    prefix, quote = match["prefix"].lower(), match["quote"]
    raw, formatted = "r" in prefix, "f" in prefix
    position = match.end()
    while position < len(segment):
        if segment.startswith(quote, position):
            return position + len(quote), line
        char = segment[position]
        if char == "\\":
            position, line = _escape(segment, position, line, lines, raw)
        elif formatted and char in "{}":
            if segment.startswith(char * 2, position):
                lines.append(line)
                position += 2
            else:
                position, line = _field(segment, position, line)
        else:
            lines.append(line)
            line += char == "\n"
            position += 1
    return position, line


def _escape(segment: str, position: int, line: int, lines: list[int], raw: bool) -> tuple[int, int]:
    if raw:
        lines.append(line)
        if segment[position + 1 : position + 2] in ("'", '"', "\\"):
            lines.append(line)
            return position + 2, line
        return position + 1, line
    match = _ESCAPE.match(segment, position)
    if match is None:
        return position + 1, line
    if "\n" in match.group():
        return match.end(), line + 1
    lines.append(line)
    return match.end(), line


def _field(segment: str, position: int, line: int) -> tuple[int, int]:
    """Step over ``{...}``, with the strings and braces inside it."""
    depth = 0
    while position < len(segment):
        char = segment[position]
        if char in "'\"":
            closing = segment.find(char, position + 1)
            if closing > 0:
                position = closing
        elif char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                return position + 1, line
        line += char == "\n"
        position += 1
    return position, line
