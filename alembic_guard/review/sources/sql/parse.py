"""Read SQL text into statements; what is not understood is said, never skipped."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from ....record import replace
from ... import statements as st
from .alter import alter
from .alter_table import alter_table
from .create import create
from .cursor import Cursor, ParseError
from .data import delete, insert, merge, select, truncate, update
from .drop import drop
from .session import (
    analyze,
    comment,
    grant,
    lock,
    maintenance,
    pragma,
    refresh,
    reindex,
    rename_table,
    set_variable,
    transaction,
)
from .tokens import Token, split, tokenize

MakeOrigin = Callable[[int, int], st.Origin]
Reader = Callable[[Cursor, Callable[[int], st.Origin], int], list[st.Statement]]


def parse_sql(sql: str, make: MakeOrigin, *, dialect: str = "postgresql") -> list[st.Statement]:
    """Every statement in `sql`.

    :param make: gives the origin of the text between two offsets.
    """
    tokens, errors = tokenize(sql, backslash_escapes=dialect in ("mysql", "mariadb"))
    parts = list(split(tokens))
    if errors and parts and tokens[-1].value != ";":
        parts.pop()  # the rest of this statement is inside what never ends

    def one_of_several(start: int, end: int) -> st.Origin:
        return replace(make(start, end), alone=False)

    maker = one_of_several if len(parts) > 1 else make
    result: list[st.Statement] = []
    for part in parts:
        result.extend(_statement(sql, part, maker, dialect))
    result.extend(
        st.BrokenSql(make(error.offset, len(sql)), sql[error.offset :], error.reason)
        for error in errors
    )
    return result


def _statement(sql: str, tokens: list[Token], make: MakeOrigin, dialect: str) -> list[st.Statement]:
    start, end = tokens[0].start, tokens[-1].end

    def origin(offset: int) -> st.Origin:
        return make(offset, end)

    cursor = Cursor(sql, tokens, dialect, lambda offset: origin(offset).line)
    first = cursor.step()
    word = first.upper
    if first.kind == "word" and "{" in first.value:
        return [st.Opaque(origin(start), sql[start:end], "the statement is not known")]
    if first.kind == "op" and first.value == "(":
        cursor.index, word = 0, "SELECT"
    if word == "EXPLAIN":
        return [st.OtherSql(origin(start), "explain", sql[start:end])]
    if word == "DO":
        return _do(cursor, origin, make, dialect)
    reader = READERS.get(word)
    if reader is None:
        if first.kind == "word" and word in KNOWN_VERBS:
            return [st.OtherSql(origin(start), word.lower(), sql[start:end])]
        return [
            st.BrokenSql(origin(start), sql[start:end], f"no statement starts with {first.value!r}")
        ]
    try:
        if "," in sql:
            _refuse_stray_comma(tokens)
        result = reader(cursor, origin, start)
        if not cursor.done and word not in _LENIENT:
            raise ParseError(f"unexpected {cursor.token.value!r}", cursor.offset)
    except ParseError as error:
        if any("{" in token.value for token in tokens if token.kind != "string"):
            return [
                st.Opaque(origin(start), sql[start:end], "a part of the statement is not known")
            ]
        return [st.BrokenSql(make(error.offset, end), sql[start:end], str(error))]
    return result


def _refuse_stray_comma(tokens: list[Token]) -> None:
    """No database takes a comma that nothing follows; the readers of data changes skip such details."""
    for token, following in pairwise(tokens):
        if token.value == "," and token.kind == "op" and _ends_a_list(following):
            raise ParseError(f"unexpected {following.value!r} after a comma", following.start)
    last = tokens[-1]
    if last.value == "," and last.kind == "op":
        raise ParseError("nothing after the last comma", last.start)


def _ends_a_list(token: Token) -> bool:
    return token.upper in ("WHERE", "FROM") or (token.kind == "op" and token.value in (",", ")"))


def _do(
    cursor: Cursor, origin: Callable[[int], st.Origin], make: MakeOrigin, dialect: str
) -> list[st.Statement]:
    """A DO block: the statements inside it that start a line of their own."""
    start = cursor.tokens[0].start
    for token in cursor.tokens[1:]:
        if token.kind == "string":
            inner = _inner_statements(cursor.sql, token, make, dialect)
            return [st.DoBlock(origin(start), token.value, tuple(inner))]
    return [st.OtherSql(origin(start), "do", cursor.sql[start:])]


_PLPGSQL_SKIP = {"BEGIN", "THEN", "ELSE", "LOOP", "DECLARE", "EXCEPTION"}


def _inner_statements(sql: str, token: Token, make: MakeOrigin, dialect: str) -> list[st.Statement]:
    """DDL and data statements of a PL/pgSQL body, cut at ``;`` and at block words."""
    opening = sql.index(token.value, token.start) if token.value else token.start
    inner, _ = tokenize(token.value)
    shifted = [
        Token(item.kind, item.value, item.start + opening, item.end + opening, item.upper)
        for item in inner
    ]
    result: list[st.Statement] = []
    current: list[Token] = []
    for item in [*shifted, Token("op", ";", 0, 0)]:
        if item.value == ";" or item.upper in _PLPGSQL_SKIP:
            if current and current[0].upper in _INNER_VERBS:
                found = _statement(sql, current, make, dialect)
                result.extend(s for s in found if not isinstance(s, (st.BrokenSql, st.Opaque)))
            current = []
        else:
            current.append(item)
    return result


_INNER_VERBS = {"ALTER", "CREATE", "DROP", "UPDATE", "DELETE", "INSERT", "TRUNCATE", "LOCK"}
_LENIENT = {
    "SELECT", "WITH", "UPDATE", "DELETE", "INSERT", "MERGE", "REPLACE", "VALUES", "TABLE",
    "CREATE", "ALTER", "SET", "PRAGMA", "GRANT", "REVOKE", "COMMENT", "VACUUM", "ANALYZE",
    "START", "BEGIN", "COMMIT", "ROLLBACK", "RESET", "LOCK",
}  # fmt: skip
KNOWN_VERBS = {
    "CALL", "COPY", "USE", "SHOW", "NOTIFY", "LISTEN", "UNLISTEN", "PREPARE", "EXECUTE", "DEALLOCATE",
    "DISCARD", "SECURITY", "REASSIGN", "IMPORT", "LOAD", "HANDLER", "FLUSH", "KILL", "DECLARE",
    "FETCH", "CLOSE", "MOVE", "DESCRIBE", "DESC", "ATTACH", "DETACH", "EXEC", "IF", "GO", "XA",
    "UNLOCK", "INSTALL",
}  # fmt: skip

READERS: dict[str, Reader] = {
    "ALTER": alter,
    "CREATE": create,
    "DROP": drop,
    "SELECT": select,
    "WITH": select,
    "VALUES": select,
    "TABLE": select,
    "INSERT": insert,
    "REPLACE": insert,
    "UPDATE": update,
    "DELETE": delete,
    "MERGE": merge,
    "TRUNCATE": truncate,
    "SET": set_variable,
    "RESET": set_variable,
    "PRAGMA": pragma,
    "BEGIN": transaction,
    "START": transaction,
    "COMMIT": transaction,
    "END": transaction,
    "ROLLBACK": transaction,
    "ABORT": transaction,
    "SAVEPOINT": transaction,
    "RELEASE": transaction,
    "LOCK": lock,
    "VACUUM": maintenance,
    "CLUSTER": maintenance,
    "OPTIMIZE": maintenance,
    "CHECKPOINT": maintenance,
    "REPAIR": maintenance,
    "ANALYZE": analyze,
    "ANALYSE": analyze,
    "REINDEX": reindex,
    "REFRESH": refresh,
    "GRANT": grant,
    "REVOKE": grant,
    "COMMENT": comment,
    "RENAME": rename_table,
}
__all__ = ["alter_table", "parse_sql"]
