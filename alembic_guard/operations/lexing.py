"""Split SQL into tokens, just far enough to find names and never mistake text for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

TokenKind = Literal["name", "quoted", "string", "number", "punctuation"]

_COMMENTS = {
    "sqlite": r"--[^\n]*|/\*.*?(?:\*/|\Z)",
    "postgresql": r"--[^\n]*|/\*.*?(?:\*/|\Z)",
    "mysql": r"--[ \t\n][^\n]*|\#[^\n]*|/\*.*?(?:\*/|\Z)",
}
_STRINGS = {
    "sqlite": r"'(?:[^']|'')*'",
    "postgresql": r"[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|(\$(?:[^\W\d]\w*)?\$).*?\1",
    "mysql": r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\"",
}
_QUOTED = {
    "sqlite": r"\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\[[^\]]*\]",
    "postgresql": r"\"(?:[^\"]|\"\")*\"",
    "mysql": r"`(?:[^`]|``)*`",
}


@dataclass(frozen=True)
class Token:
    """One token and where it stands; comments and white space are left out."""

    kind: TokenKind
    text: str
    start: int
    end: int

    @property
    def name(self) -> str:
        """The identifier without its quotes; for other tokens the text itself."""
        if self.kind != "quoted":
            return self.text
        closing = "]" if self.text[0] == "[" else self.text[0]
        return self.text[1:-1].replace(closing * 2, closing)

    def is_word(self, *words: str) -> bool:
        """Whether this is one of these keywords, unquoted, in any case."""
        return self.kind == "name" and self.text.upper() in words


def tokens(sql: str, dialect: str) -> Iterator[Token]:
    """The tokens of `sql` as ``sqlite``, ``postgresql`` or ``mysql`` would read it."""
    for match in _PATTERNS[dialect].finditer(sql):
        kind = match.lastgroup
        if kind is not None and kind not in ("comment", "space"):
            yield Token(kind, match.group(), *match.span())  # type: ignore[arg-type]


def definitions(create_table: str, dialect: str) -> list[list[Token]]:
    """The comma-separated column and constraint definitions of a CREATE TABLE statement."""
    depth = 0
    found: list[list[Token]] = [[]]
    for token in tokens(create_table, dialect):
        if token.text == "(" and token.kind == "punctuation":
            depth += 1
            if depth == 1:
                continue
        elif token.text == ")" and token.kind == "punctuation":
            depth -= 1
            if depth == 0:
                break
        if depth == 1 and token.text == "," and token.kind == "punctuation":
            found.append([])
        elif depth:
            found[-1].append(token)
    return [definition for definition in found if definition]


def _pattern(dialect: str) -> re.Pattern[str]:
    parts = {
        "comment": _COMMENTS[dialect],
        "string": _STRINGS[dialect].replace(r"\1", "(?P=tag)").replace("(\\$", "(?P<tag>\\$", 1),
        "quoted": _QUOTED[dialect],
        "number": r"\d[\w.]*",
        "name": r"[^\W\d][\w$]*",
        "space": r"\s+",
        "punctuation": r".",
    }
    groups = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in parts.items())
    return re.compile(groups, re.DOTALL)


_PATTERNS = {dialect: _pattern(dialect) for dialect in _COMMENTS}
