"""Which CHECK conditions hold for no row in which a column is null.

PostgreSQL proves it the same way before it scans for SET NOT NULL: parentheses and order do not
matter, one part of an AND is enough, and every part of an OR is needed.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\w+|\S", re.DOTALL)


def says_not_null(expression: str, column: str) -> bool:
    """Whether the condition of a CHECK is false or unknown whenever the column is null."""
    return _proves(_TOKEN.findall(expression), column.lower())


def _proves(tokens: list[str], column: str) -> bool:
    tokens = _bare(tokens)
    alternatives = _split(tokens, "or")
    if len(alternatives) > 1:
        return all(_proves(part, column) for part in alternatives)
    parts = _split(tokens, "and")
    if len(parts) > 1:
        return any(_proves(part, column) for part in parts)
    words = [token.lower() for token in tokens]
    if words[-3:] == ["is", "not", "null"]:
        return _names(tokens[:-3], column)
    if words[-1:] == ["notnull"]:
        return _names(tokens[:-1], column)
    if words[:1] == ["not"]:
        inner = _bare(tokens[1:])
        return [word.lower() for word in inner[-2:]] == ["is", "null"] and _names(
            inner[:-2], column
        )
    return False


def _names(tokens: list[str], column: str) -> bool:
    """Whether these are the column's name, perhaps with its table's, quoted or in parentheses."""
    tokens = _bare(tokens)
    last = tokens[-1].strip('"') if tokens else ""
    return last.lower() == column and all(token == "." for token in tokens[1::2])


def _bare(tokens: list[str]) -> list[str]:
    """Without the parentheses around all of it."""
    while len(tokens) > 2 and tokens[0] == "(" and _closing(tokens) == len(tokens) - 1:
        tokens = tokens[1:-1]
    return tokens


def _closing(tokens: list[str]) -> int:
    depth = 0
    for index, token in enumerate(tokens):
        depth += {"(": 1, ")": -1}.get(token, 0)
        if depth == 0:
            return index
    return len(tokens)


def _split(tokens: list[str], word: str) -> list[list[str]]:
    """The parts between a word that stands outside of parentheses."""
    parts: list[list[str]] = [[]]
    depth = 0
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token, 0)
        if depth == 0 and token.lower() == word:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts
