"""Names inside SQL expressions."""

from __future__ import annotations

import re
from collections.abc import Mapping

_TOKEN = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\[\w+\]|\w+")


def rename_words(sql: str, columns: Mapping[str, str]) -> str:
    """Replace column names in an SQL expression, outside string literals."""

    def replaced(match: re.Match[str]) -> str:
        word = match[0]
        if word[0] == "'":
            return word
        if word[0] in '"`[':
            inner = columns.get(word[1:-1])
            return word if inner is None else word[0] + inner + word[-1]
        return columns.get(word, word)

    return _TOKEN.sub(replaced, sql) if columns else sql
