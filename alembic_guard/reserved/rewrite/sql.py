"""Rename a column in hand-written SQL, by table rather than by text.

A statement is changed only when every use of the old name in it is understood. The name a
query gives its result column is kept (``session_metadata AS metadata``), because code that
reads rows by that name is elsewhere.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...usage import UsageError
from .sql_scopes import Owner, owner_of

_LOOKS_LIKE_SQL = re.compile(
    r"\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*(?:"
    r"CREATE\s+(?:OR\s+REPLACE\s+|TEMP\w*\s+|UNIQUE\s+|UNLOGGED\s+|MATERIALIZED\s+|VIRTUAL\s+)*"
    r"(?:TABLE|INDEX|VIEW|TRIGGER|FUNCTION|PROCEDURE|POLICY|RULE|STATISTICS)\b"
    r"|(?:ALTER|TRUNCATE|DROP|LOCK)\s+TABLE\b|INSERT\s+(?:\w+\s+)*INTO\b|REPLACE\s+INTO\b"
    r"|UPDATE\s+\S+.*?\bSET\b|DELETE\s+FROM\b|MERGE\s+INTO\b|SELECT\b.*?\bFROM\b"
    r"|WITH\s+(?:RECURSIVE\s+)?\S+\s*(?:\([^)]*\)\s*)?AS\b|COMMENT\s+ON\b|COPY\s+\S+\s*\("
    r"|GRANT\b.*?\bON\b|EXPLAIN\s+(?:ANALYZE\s+)?SELECT\b|BEGIN\s*;)",
    re.IGNORECASE | re.DOTALL,
)
_PSQL = re.compile(r"^\\[^\n]*", re.MULTILINE)
_PYFORMAT = re.compile(r"%\(\w+\)s|%s")

DEFAULT_DIALECTS = ("postgres", "mysql", "sqlite")
"""In which order to read SQL when nobody said which database it is for."""

_SQLGLOT = {"postgresql": "postgres", "mariadb": "mysql", "mssql": "tsql"}


@dataclass(frozen=True, slots=True)
class SqlRename:
    """Column `old` of every table of `tables` becomes `new`."""

    tables: frozenset[str]
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class SqlChange:
    """Replace ``text[start:end]``; an unsure one says why it is only listed."""

    start: int
    end: int
    text: str = ""
    reason: str = ""


def looks_like_sql(text: str) -> bool:
    """Whether a string begins like a statement, comments aside."""
    return bool(_LOOKS_LIKE_SQL.match(text))


def sqlglot_dialects(databases: Sequence[str]) -> tuple[str, ...]:
    """Our database names as sqlglot calls them."""
    return tuple(dict.fromkeys(_SQLGLOT.get(name, name) for name in databases)) or DEFAULT_DIALECTS


def rewrite_sql(
    text: str, renames: Sequence[SqlRename], dialects: Sequence[str] = DEFAULT_DIALECTS
) -> list[SqlChange]:
    """What to change in `text`, and what was found and not understood.

    :raises UsageError: sqlglot is not installed.
    """
    wanted = [item for item in renames if mentions(text, item.old)]
    if not wanted:
        return []
    masked = _masked(text)
    failures: list[SqlChange] = []
    for dialect in dialects:
        changes = list(_in_dialect(masked, wanted, dialect))
        if not any(change.reason for change in changes):
            return changes
        if not failures or _unsure(changes) < _unsure(failures):
            failures = changes
    return failures


def mentions(text: str, name: str) -> bool:
    """Whether `name` occurs as a whole word, in any case."""
    return re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) is not None


def _unsure(changes: Sequence[SqlChange]) -> int:
    return sum(bool(change.reason) for change in changes)


def _masked(text: str) -> str:
    """The text with what no SQL parser reads replaced by something as long."""
    text = _PSQL.sub(
        lambda match: "--" + " " * (len(match[0]) - 2) if len(match[0]) > 1 else "-", text
    )
    return _PYFORMAT.sub(lambda match: "'" + "p" * (len(match[0]) - 2) + "'", text)


def _in_dialect(text: str, renames: Sequence[SqlRename], dialect: str) -> Iterator[SqlChange]:
    try:
        statements = list(_statements(text, dialect))
    except _sqlglot().errors.SqlglotError as error:
        yield from _all_unsure(text, 0, renames, f"not understood as {dialect}: {_first(error)}")
        return
    for start, end in statements:
        part = text[start:end]
        relevant = [item for item in renames if mentions(part, item.old)]
        if relevant:
            yield from _in_statement(part, start, relevant, dialect)


def _in_statement(
    part: str, start: int, renames: Sequence[SqlRename], dialect: str
) -> Iterator[SqlChange]:
    sqlglot = _sqlglot()
    try:
        tree = sqlglot.parse_one(part, read=dialect)
    except sqlglot.errors.SqlglotError as error:
        yield from _all_unsure(part, start, renames, f"not understood: {_first(error)}")
        return
    for rename in renames:
        found = list(_in_tree(tree, part, rename, dialect))
        if any(change.reason for change in found):
            reason = next(change.reason for change in found if change.reason)
            yield from _all_unsure(part, start, [rename], reason)
            continue
        for change in found:
            yield SqlChange(start + change.start, start + change.end, change.text)


def _in_tree(tree: Any, part: str, rename: SqlRename, dialect: str) -> Iterator[SqlChange]:
    exp = _sqlglot().exp
    if isinstance(tree, exp.Command):
        yield SqlChange(0, 0, reason=f"a statement sqlglot does not read ({dialect})")
        return
    tables = frozenset(name.rpartition(".")[2].lower() for name in rename.tables)
    for node in tree.find_all(exp.Identifier):
        if node.name.lower() != rename.old.lower():
            continue
        owner = owner_of(node, tables)
        if owner is Owner.UNSURE or (owner is Owner.TARGET and "start" not in node.meta):
            yield SqlChange(0, 0, reason="it is not certain which table the column belongs to")
        elif owner is Owner.TARGET:
            yield from _replacement(node, part, rename, dialect)
    for literal in tree.find_all(exp.Heredoc, exp.RawString):
        if mentions(str(literal.this), rename.old):
            yield SqlChange(0, 0, reason="it occurs inside a function body")


def _replacement(node: Any, part: str, rename: SqlRename, dialect: str) -> Iterator[SqlChange]:
    start, end = node.meta["start"], node.meta["end"] + 1
    quote = part[start] if part[start] in '"`[' else ""
    name = f"{quote}{rename.new}{']' if quote == '[' else quote}"
    yield SqlChange(start, end, name)
    if _names_a_result(node):
        place = _projection_end(part, end, dialect)
        yield SqlChange(place, place, f" AS {part[start:end]}")


def _names_a_result(node: Any) -> bool:
    """Whether this column's own name is the name of a result column."""
    exp = _sqlglot().exp
    current = node.parent
    while isinstance(current.parent, exp.Cast) and current.arg_key == "this":
        current = current.parent  # PostgreSQL names the result of a cast after the column
    return (
        isinstance(current.parent, (exp.Select, exp.Returning)) and current.arg_key == "expressions"
    )


def _projection_end(part: str, position: int, dialect: str) -> int:
    """Where the projection that begins before `position` ends."""
    sqlglot = _sqlglot()
    depth, end = 0, position
    stops = {"COMMA", "FROM", "SEMICOLON", "INTO", "WHERE", "UNION", "LIMIT", "ORDER_BY", "EXCEPT",
             "INTERSECT"}  # fmt: skip
    for token in sqlglot.tokenize(part, read=dialect):
        if token.start < position:
            continue
        name = token.token_type.name
        if depth == 0 and (name in stops or name == "R_PAREN"):
            break
        depth += {"L_PAREN": 1, "R_PAREN": -1}.get(name, 0)
        end = token.end + 1
    return end


def _statements(text: str, dialect: str) -> Iterator[tuple[int, int]]:
    """Where each statement starts and ends, by the dialect's own tokens."""
    start = 0
    last = 0
    for token in _sqlglot().tokenize(text, read=dialect):
        if token.token_type.name == "SEMICOLON":
            yield start, token.start
            start = token.end + 1
        last = token.end + 1
    if last > start:
        yield start, len(text)


def _all_unsure(
    part: str, start: int, renames: Sequence[SqlRename], reason: str
) -> Iterator[SqlChange]:
    for rename in renames:
        for match in re.finditer(rf"\b{re.escape(rename.old)}\b", part, re.IGNORECASE):
            yield SqlChange(start + match.start(), start + match.end(), reason=reason)


def _first(error: Exception) -> str:
    lines = str(error).splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


def _sqlglot() -> Any:
    try:
        import sqlglot
    except ImportError as error:
        raise UsageError(
            "rewriting hand-written SQL needs sqlglot, which is not installed: "
            'pip install "alembic-guardrails[fix]"'
        ) from error
    logging.getLogger("sqlglot").setLevel(
        logging.ERROR
    )  # it warns of each Command it falls back to
    return sqlglot
