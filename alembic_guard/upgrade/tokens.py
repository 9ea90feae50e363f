"""SQL as tokens: words, quoted names, strings and marks, split into statements.

Made for the dialects of PostgreSQL, MySQL, MariaDB and SQLite; comments are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|--[^\n]*|/\*.*?\*/)
  | (?P<text>'(?:[^'\\]|''|\\.)*' | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
  | (?P<quoted>"(?:[^"]|"")*" | `(?:[^`]|``)*` | \[[^\]]*\])
  | (?P<word>[^\W\d][\w$]* | \d[\w.]*)
  | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, quoted name, string or mark; `name` is what it names once unquoted."""

    kind: str
    text: str

    @property
    def upper(self) -> str:
        """Upper case for keywords; quoted names never equal one."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def name(self) -> str:
        if self.kind != "quoted":
            return self.text
        close = {"[": "]"}.get(self.text[0], self.text[0])
        return self.text[1:-1].replace(close * 2, close)

    @property
    def string(self) -> str:
        return self.text[1:-1].replace("''", "'") if self.text.startswith("'") else self.text


def tokens_of(sql: str) -> Iterator[Token]:
    """The tokens of `sql`, without space and comments."""
    for match in _TOKEN.finditer(sql):
        kind = match.lastgroup or "mark"
        kind = "text" if kind == "tag" else kind
        if kind != "space":
            yield Token(kind, match.group())


def split_statements(tokens: Iterator[Token]) -> Iterator[list[Token]]:
    """The tokens of each statement; semicolons end one."""
    statement: list[Token] = []
    for token in tokens:
        if token.text == ";" and token.kind == "mark":
            if statement:
                yield statement
            statement = []
        else:
            statement.append(token)
    if statement:
        yield statement
