"""INSERT, UPDATE, DELETE, MERGE, SELECT and TRUNCATE in SQL text."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, Literal

from ....record import replace
from ... import statements as st
from .cursor import Cursor, ParseError, is_one_slip_from
from .tokens import Token

MakeOrigin = Callable[[int], st.Origin]


def select(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """SELECT, VALUES or WITH; data-changing statements inside a WITH are statements too."""
    cursor.index = 0
    if cursor.tokens[1:2] and cursor.tokens[1].upper == "SET_CONFIG":
        return _set_config(cursor, make, start)
    found: list[st.Statement] = []
    for index, token in enumerate(cursor.tokens):
        if token.upper in ("UPDATE", "INSERT", "DELETE") and _starts_statement(
            cursor.tokens, index
        ):
            sub = Cursor(cursor.sql, cursor.tokens, cursor.dialect)
            sub.index = index + 1
            found.extend(_CHANGES[token.upper](sub, make, start))
    cursor.index = len(cursor.tokens)
    if found:
        whole = _has(cursor.tokens, "LIMIT") or _has(cursor.tokens, "FETCH")
        return [_limited(item) if whole else item for item in found]
    reads = _tables_after(cursor.tokens, ("FROM", "JOIN"))
    return [
        st.Dml(
            make(start),
            "select",
            reads[0] if reads else "",
            where=_has(cursor.tokens, "WHERE"),
            limited=_has(cursor.tokens, "LIMIT"),
            reads=reads[1:],
            for_update=_has(cursor.tokens, "FOR") and _has(cursor.tokens, "UPDATE"),
            literals=_literals(cursor.tokens),
            condition=cursor.sql[start : cursor.tokens[-1].end],
        )
    ]


def _set_config(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """``SELECT set_config(name, value, is_local)``, which does what SET does."""
    name, value, *_ = (*_literals(cursor.tokens), "{name}", "{value}")
    local = _has(cursor.tokens, "TRUE")
    cursor.rest()
    return [st.SetVariable(make(start), name.lower(), value, local)]


def _limited(item: st.Statement) -> st.Statement:

    return replace(item, limited=True) if isinstance(item, st.Dml) else item


def _starts_statement(tokens: list[Token], index: int) -> bool:
    """``WITH x AS (DELETE ...)`` or the main verb after the last CTE; not ``FOR UPDATE``."""
    before = tokens[index - 1].value if index else ""
    following = tokens[index + 1].upper if index + 1 < len(tokens) else ""
    if tokens[index].upper == "UPDATE" and tokens[index - 1].upper in ("FOR", "DO", "KEY", "ON"):
        return False
    if tokens[index].upper == "DELETE" and tokens[index - 1].upper == "ON":
        return False
    if tokens[index].upper in ("INSERT", "DELETE") and following not in ("INTO", "FROM"):
        return False
    return before in ("(", ")")


def insert(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """INSERT and REPLACE."""
    cursor.accept_any("IGNORE", "LOW_PRIORITY", "DELAYED")
    if cursor.accept("OR"):
        cursor.step()
    cursor.accept("INTO")
    table = cursor.name()
    if cursor.accept("AS"):
        cursor.identifier()
    columns: tuple[str, ...] = ()
    if cursor.at("(") and not cursor.at("(", "SELECT"):
        columns = cursor.names_in_parens()
    cursor.accept("OVERRIDING", "SYSTEM", "VALUE")
    from_select = cursor.token.upper in ("SELECT", "WITH") or cursor.at("(", "SELECT")
    rest = cursor.tokens[cursor.index :]
    values: dict[str, Any] = {"columns": columns, "literals": _literals(rest)}
    if from_select:
        values.update(
            from_select=True,
            reads=_tables_after(rest, ("FROM", "JOIN")),
            where=_has(rest, "WHERE"),
            limited=_is_limited(rest),
        )
    elif cursor.at("VALUES") or cursor.at("VALUE"):
        values["rows"] = _count_rows(rest[1:])
    elif columns and cursor.token.kind == "word":
        _expect_rows(cursor)
    cursor.rest()
    return [st.Dml(make(start), "insert", table, **values)]


def _expect_rows(cursor: Cursor) -> None:
    word = cursor.token
    if word.upper not in _AFTER_COLUMNS and "{" not in word.value:
        raise ParseError(f"{word.value!r} instead of VALUES", cursor.offset)


_AFTER_COLUMNS = ("DEFAULT", "OVERRIDING", "TABLE", "SET", "OUTPUT", "EXECUTE", "EXEC")


def update(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """UPDATE, with MySQL's and SQLite's variants."""
    cursor.accept_any("IGNORE", "LOW_PRIORITY")
    if cursor.accept("OR"):
        cursor.step()
    cursor.accept("ONLY")
    table = cursor.name()
    rest = cursor.tokens[cursor.index :]
    return [_changed(make(start), "update", table, cursor, rest)]


def delete(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """DELETE."""
    cursor.accept_any("IGNORE", "LOW_PRIORITY", "QUICK")
    cursor.expect("FROM")
    cursor.accept("ONLY")
    table = cursor.name()
    rest = cursor.tokens[cursor.index :]
    return [_changed(make(start), "delete", table, cursor, rest)]


def _changed(
    origin: st.Origin,
    verb: Literal["update", "delete"],
    table: str,
    cursor: Cursor,
    rest: list[Token],
) -> st.Statement:
    where = _where(rest)
    if not where:
        _refuse_misspelt_where(rest)
    condition = cursor.sql[where[0].start : where[-1].end] if where else ""
    reads = _tables_after(rest, ("FROM", "JOIN", "USING"))
    columns = _set_columns(rest) if verb == "update" else ()
    cursor.rest()
    return st.Dml(
        origin,
        verb,
        table,
        where=bool(where) or "{" in condition,
        condition=condition,
        limited=_is_limited(rest),
        columns=columns,
        reads=reads,
        literals=_literals(rest),
    )


def _refuse_misspelt_where(tokens: list[Token]) -> None:
    """``UPDATE t SET a = 1 WERE b = 2``: read leniently it would change every row."""
    for before, token in pairwise(tokens):
        ends = before.upper != "AS" and (before.kind != "op" or before.value == ")")
        if ends and token.kind == "word" and is_one_slip_from(token.upper, "WHERE"):
            raise ParseError(f"{token.value!r} instead of WHERE", token.start)


def _where(tokens: list[Token]) -> list[Token]:
    """The tokens of the top-level WHERE clause."""
    depth = 0
    for index, token in enumerate(tokens):
        depth += _parens(token)
        if depth < 0:
            return []
        if depth == 0 and token.upper == "WHERE":
            return _until_closed(tokens[index + 1 :])
    return []


def _until_closed(tokens: list[Token]) -> list[Token]:
    depth = 0
    for index, token in enumerate(tokens):
        depth += _parens(token)
        if depth < 0 or (depth == 0 and token.upper == "RETURNING"):
            return tokens[:index]
    return tokens


def _parens(token: Token) -> int:
    return {"(": 1, ")": -1}.get(token.value, 0) if token.kind == "op" else 0


def _is_limited(tokens: list[Token]) -> bool:
    """Whether the statement only touches a batch: LIMIT, FETCH, BETWEEN, or bound ranges."""
    if any(_has(tokens, word) for word in ("LIMIT", "FETCH", "TOP")):
        return True
    where = _where(tokens)
    if _has(where, "BETWEEN") and _has_unknown(where):
        return True
    ranges = sum(token.value in ("<", "<=", ">", ">=") for token in where if token.kind == "op")
    if ranges and _has_unknown(where):
        return True
    return _has_unknown(where) and (
        _has(where, "IN") or _has(where, "ANY") or any(token.value == "=" for token in where)
    )


def _has_unknown(tokens: list[Token]) -> bool:
    return any(token.kind == "bind" or "{" in token.value for token in tokens)


def _has(tokens: list[Token], word: str) -> bool:
    return any(token.upper == word for token in tokens)


def _literals(tokens: list[Token]) -> tuple[str, ...]:
    return tuple(token.value for token in tokens if token.kind == "string")


def _tables_after(tokens: list[Token], words: tuple[str, ...]) -> tuple[str, ...]:
    """Names that follow FROM, JOIN or USING."""
    found: list[str] = []
    for index, token in enumerate(tokens):
        if token.upper in words and index + 1 < len(tokens):
            following = tokens[index + 1]
            if following.kind == "quoted" or (
                following.kind == "word" and following.upper not in ("SELECT", "LATERAL", "ONLY")
            ):
                found.append(_dotted(tokens, index + 1))
    return tuple(dict.fromkeys(found))


def _dotted(tokens: list[Token], index: int) -> str:
    parts = [_folded(tokens[index])]
    while index + 2 < len(tokens) and tokens[index + 1].value == ".":
        index += 2
        parts.append(_folded(tokens[index]))
    return ".".join(parts[1:] if len(parts) > 1 and parts[0] == "public" else parts)


def _folded(token: Token) -> str:
    return token.value if token.kind == "quoted" or "{" in token.value else token.value.lower()


def _set_columns(tokens: list[Token]) -> tuple[str, ...]:
    """The columns an UPDATE writes: the names before each ``=`` of its SET list."""
    start = next((i for i, token in enumerate(tokens) if token.upper == "SET"), None)
    if start is None:
        return ()
    columns, depth, expecting = [], 0, True
    for index in range(start + 1, len(tokens)):
        token = tokens[index]
        depth += _parens(token)
        if depth == 0 and token.upper in ("WHERE", "FROM", "RETURNING"):
            break
        if depth == 0 and token.kind == "op" and token.value == ",":
            expecting = True
        elif expecting and token.kind in ("word", "quoted"):
            following = tokens[index + 1].value if index + 1 < len(tokens) else ""
            if following != ".":
                columns.append(_folded(token))
                expecting = depth > 0
        elif token.value == "=":
            expecting = False
    return tuple(columns)


def _count_rows(tokens: list[Token]) -> int:
    depth = rows = 0
    for token in tokens:
        change = _parens(token)
        if change == 1 and depth == 0:
            rows += 1
        depth += change
        if depth == 0 and token.upper in ("ON", "RETURNING"):
            break
    return rows


def merge(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """MERGE INTO target USING source ON condition."""
    cursor.accept("INTO")
    table = cursor.name()
    rest = cursor.tokens[cursor.index :]
    cursor.rest()
    return [st.Dml(make(start), "merge", table, where=True, reads=_tables_after(rest, ("USING",)))]


def truncate(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """TRUNCATE [TABLE] a, b [CASCADE]."""
    cursor.accept("TABLE")
    cursor.accept("ONLY")
    tables = [cursor.name()]
    while cursor.accept(","):
        tables.append(cursor.name())
    cursor.accept("RESTART", "IDENTITY")
    cursor.accept("CONTINUE", "IDENTITY")
    return [st.Truncate(make(start), tuple(tables), cursor.cascade())]


_CHANGES = {"UPDATE": update, "INSERT": insert, "DELETE": delete}
