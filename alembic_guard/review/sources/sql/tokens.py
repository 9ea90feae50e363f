"""Split SQL text into tokens and statements, with exact offsets.

Comments, strings in every dialect's spelling, dollar quotes and nested comments are whole
tokens, so that nothing inside them is ever read as SQL. A ``{...}`` outside of strings is a
part of the text that was not known when the revision was read; it counts as a word.
"""

from __future__ import annotations

import re
from typing import Literal

from ....record import record

TokenKind = Literal["word", "quoted", "string", "number", "op", "bind"]

# Negated, because a class that lists all other letters takes longer to compile than the rest.
_NO_LETTER = r"^\x00-@\[-\^`\{-\x7f"
_NO_LETTER_DIGIT_DOLLAR = r"^\x00-\#%-/:-@\[-\^`\{-\x7f"
_HOLE = r"\{[^{}\n]*\}"
_PATTERN = re.compile(
    rf"""
    \s*(?=\S)(?:
    (?P<comment>--[^\n]*|\#(?![>\-])[^\n]*)
  | (?P<block>/\*)
  | (?P<dollar>\$(?:[A-Za-z_]\w*)?\$)
  | (?P<escape>[eE]'(?:[^'\\]|''|\\.)*')
  | (?P<string>(?:[uU]&|[nNbBxX])?'(?:[^']|'')*')
  | (?P<quoted>(?:[uU]&)?"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[(?=[A-Za-z_ ])[A-Za-z_][\w ]*\])
  | (?P<pyformat>%\(\w+\)s)
  | (?P<word>(?:[{_NO_LETTER}]|{_HOLE})(?:[{_NO_LETTER_DIGIT_DOLLAR}]|{_HOLE})*)
  | (?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)
  | (?P<bind>(?<![:\w]):[A-Za-z_]\w*)
  | (?P<op>::|:=|<=>|<=|>=|<>|!=|\|\||->>|->|=>|\S)
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_NESTED = re.compile(r"/\*|\*/")


@record
class Token:
    """One token; `value` is the bare name or text, `upper` set for words only."""

    kind: TokenKind
    value: str
    start: int
    end: int
    upper: str = ""


@record
class SqlError:
    """Where SQL text cannot be cut into tokens."""

    offset: int
    reason: str


def tokenize(sql: str, *, backslash_escapes: bool = False) -> tuple[list[Token], list[SqlError]]:
    """The tokens of `sql`, comments left out, and what is unterminated.

    :param backslash_escapes: MySQL: a backslash escapes inside a plain string.
    """
    tokens: list[Token] = []
    errors: list[SqlError] = []
    position, size = 0, len(sql)
    while position < size:
        match = _PATTERN.match(sql, position)
        if match is None:  # the rest is space
            break
        kind = match.lastgroup or "op"
        start, position = match.span(kind)
        text = match[kind]
        if kind == "comment":
            continue
        if kind == "block":
            position, closed = _comment_end(sql, start)
            if not closed:
                errors.append(SqlError(start, "a comment is never closed"))
        elif kind == "dollar":
            close = sql.find(text, position)
            if close < 0:
                errors.append(SqlError(start, f"the {text} quote is never closed"))
                close = size
            tokens.append(Token("string", sql[position:close], start, min(close + len(text), size)))
            position = tokens[-1].end
        elif kind == "word":
            tokens.append(Token("word", text, start, position, text.upper()))
        elif kind == "quoted":
            tokens.append(Token("quoted", _unquoted(text), start, position))
        elif kind in ("string", "escape"):
            if backslash_escapes and kind == "string" and "\\" in text:
                position = _mysql_string_end(sql, start + text.index("'"))
                text = sql[start:position]
            tokens.append(Token("string", _string_value(text), start, position))
        elif kind in ("bind", "pyformat"):
            tokens.append(Token("bind", text, start, position))
        elif kind == "number":
            tokens.append(Token("number", text, start, position))
        else:
            if text in "'\"`":
                errors.append(SqlError(start, f"the quote {text} is never closed"))
                break
            tokens.append(Token("op", text, start, position))
    return tokens, errors


def _comment_end(sql: str, start: int) -> tuple[int, bool]:
    depth = 0
    for match in _NESTED.finditer(sql, start):
        depth += 1 if match.group() == "/*" else -1
        if depth == 0:
            return match.end(), True
    close = sql.find("*/", start + 2)
    return (close + 2, True) if close >= 0 else (len(sql), False)


def _mysql_string_end(sql: str, start: int) -> int:
    position = start + 1
    while position < len(sql):
        if sql[position] == "\\":
            position += 2
        elif sql[position] == "'":
            if sql[position + 1 : position + 2] != "'":
                return position + 1
            position += 2
        else:
            position += 1
    return len(sql)


def _unquoted(text: str) -> str:
    opening = text.lstrip("uU&")[0]
    closing = {"[": "]"}.get(opening, opening)
    return text.lstrip("uU&")[1:-1].replace(closing * 2, closing)


def _string_value(text: str) -> str:
    return text[text.index("'") + 1 : -1].replace("''", "'")


_COMPOUND = {"TRIGGER", "PROCEDURE", "FUNCTION", "EVENT"}
_OPENERS = {"BEGIN", "CASE", "IF", "LOOP", "REPEAT", "WHILE"}


def split(tokens: list[Token]) -> list[list[Token]]:
    """One list of tokens a statement, cut at ``;`` but not inside BEGIN ... END bodies."""
    statements: list[list[Token]] = []
    current: list[Token] = []
    depth = 0
    for index, token in enumerate(tokens):
        if token.kind == "op" and token.value == ";" and depth <= 0:
            if current:
                statements.append(current)
            current, depth = [], 0
            continue
        current.append(token)
        if token.kind == "word":
            depth += _depth_change(token, current, tokens, index, depth)
    if current:
        statements.append(current)
    return statements


_TO_THE_END = 10_000
"""More than any END takes back: the body is the rest of the text."""


def _is_body(word: str, current: list[Token]) -> bool:
    """Whether this begins the body of a MySQL trigger or event that has no BEGIN."""
    if word not in _OPENERS or len(current) < 2 or current[-2].upper not in ("ROW", "DO"):
        return False
    return bool({"TRIGGER", "EVENT"} & {item.upper for item in current[:8]})


def _depth_change(
    token: Token, current: list[Token], tokens: list[Token], index: int, depth: int
) -> int:
    """How BEGIN, CASE and END nest; BEGIN only opens a block inside a CREATE of stored code."""
    word = token.upper
    if word == "BEGIN":
        head = {item.upper for item in current[:8]}
        return 1 if depth or ("CREATE" in head and head & _COMPOUND) else 0
    if not depth:
        return _TO_THE_END if _is_body(word, current) else 0
    if word == "END":
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if following is not None and following.upper in ("IF", "LOOP", "REPEAT", "WHILE"):
            return 0
        return -1
    return 1 if word == "CASE" else 0
