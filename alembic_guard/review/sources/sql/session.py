"""Transactions, settings, locks, maintenance and grants in SQL text."""

from __future__ import annotations

from collections.abc import Callable

from ... import statements as st
from .cursor import Cursor

MakeOrigin = Callable[[int], st.Origin]


def transaction(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """BEGIN, COMMIT, ROLLBACK, SAVEPOINT and their synonyms."""
    word = cursor.tokens[0].upper
    verb = {"START": "begin", "END": "commit", "ABORT": "rollback"}.get(word, word.lower())
    if word == "ROLLBACK" and any(token.upper == "TO" for token in cursor.tokens):
        verb = "savepoint"
    cursor.rest()
    return [st.TransactionControl(make(start), verb)]


def set_variable(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """SET [LOCAL | SESSION | GLOBAL] name = value, and RESET."""
    origin = make(start)
    if cursor.tokens[0].upper == "RESET":
        return [st.SetVariable(origin, cursor.name(), reset=True)]
    if cursor.at("TRANSACTION") or cursor.accept("SESSION", "CHARACTERISTICS"):
        return [st.OtherSql(origin, "set transaction", cursor.rest())]
    if cursor.at("CONSTRAINTS"):
        return [st.OtherSql(origin, "set constraints", cursor.rest())]
    scope = (cursor.accept_any("LOCAL", "SESSION", "GLOBAL", "PERSIST") or "session").lower()
    while cursor.accept("@"):
        pass
    if cursor.accept("TIME", "ZONE"):
        name = "timezone"
    else:
        name = cursor.name()
        cursor.accept(".")
    cursor.accept("=") or cursor.accept("TO") or cursor.accept(":=")
    value = cursor.rest().strip()
    if len(value) > 1 and value[0] == value[-1] == "'":
        value = value[1:-1]
    local = scope == "local"
    return [st.SetVariable(origin, name.lower(), value, local, "session" if local else scope)]


def pragma(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """SQLite's PRAGMA name = value or name(value)."""
    name = cursor.name()
    cursor.accept("=")
    value = cursor.parenthesised() if cursor.at("(") else cursor.rest()
    return [st.SetVariable(make(start), name.lower(), value.lower(), scope="pragma")]


def lock(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """LOCK TABLE (PostgreSQL) and LOCK TABLES (MySQL)."""
    cursor.accept_any("TABLE", "TABLES")
    cursor.accept("ONLY")
    tables = [cursor.name()]
    while cursor.accept(","):
        tables.append(cursor.name())
    mode = "ACCESS EXCLUSIVE"
    if cursor.accept("IN"):
        mode = cursor.text_until("MODE").upper()
    cursor.rest()
    return [st.LockTable(make(start), tuple(tables), mode)]


def maintenance(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """VACUUM [FULL], CLUSTER, OPTIMIZE TABLE, CHECKPOINT."""
    verb = cursor.tokens[0].upper.lower()
    words = {token.upper for token in cursor.tokens}
    names = [token for token in cursor.tokens[1:] if token.kind in ("word", "quoted")]
    skip = {"FULL", "FREEZE", "VERBOSE", "ANALYZE", "TABLE", "USING", "LOCAL", "ON", "OFF", "TRUE"}
    table = next((token.value for token in names if token.upper not in skip), None)
    cursor.rest()
    return [st.Maintenance(make(start), verb, table, full="FULL" in words)]


def analyze(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """ANALYZE [TABLE] [name]."""
    cursor.accept_any("VERBOSE", "TABLE")
    table = cursor.name() if cursor.token.kind in ("word", "quoted") else None
    cursor.rest()
    return [st.Maintenance(make(start), "analyze", table)]


def reindex(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """REINDEX [(options)] INDEX | TABLE | SCHEMA | DATABASE | SYSTEM [CONCURRENTLY] name."""
    options = cursor.parenthesised().upper() if cursor.at("(") else ""
    kind = (cursor.accept_any("INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM") or "table").lower()
    concurrently = cursor.accept("CONCURRENTLY") or "CONCURRENTLY" in options
    name = "" if cursor.done else cursor.name()
    return [st.Reindex(make(start), kind, name, concurrently)]


def refresh(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """REFRESH MATERIALIZED VIEW [CONCURRENTLY] name."""
    cursor.expect("MATERIALIZED", "VIEW")
    concurrently = cursor.accept("CONCURRENTLY")
    name = cursor.name()
    with_data = not cursor.accept("WITH", "NO", "DATA")
    cursor.accept("WITH", "DATA")
    origin = make(start)
    return [st.ViewStatement(origin, name, "refresh", True, concurrently, with_data=with_data)]


def grant(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """GRANT and REVOKE."""
    revoke = cursor.tokens[0].upper == "REVOKE"
    privileges = cursor.text_until("ON", "TO", "FROM")
    on = cursor.text_until("TO", "FROM") if cursor.accept("ON") else ""
    cursor.accept_any("TO", "FROM")
    to = []
    while not cursor.done and cursor.token.kind in ("word", "quoted"):
        to.append(cursor.identifier())
        if not cursor.accept(","):
            break
    cursor.rest()
    return [st.Grant(make(start), privileges.upper(), on, tuple(to), revoke)]


def comment(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """COMMENT ON kind name IS '...'."""
    cursor.expect("ON")
    kind = cursor.step().value.lower()
    if cursor.accept("VIEW"):
        kind = "materialized view"
    name = cursor.name() if cursor.token.kind in ("word", "quoted") else ""
    cursor.rest()
    return [st.CommentOn(make(start), kind, name)]


def rename_table(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """MySQL's RENAME TABLE a TO b, c TO d."""
    cursor.expect("TABLE")
    result: list[st.Statement] = []
    while True:
        old = cursor.name()
        cursor.expect("TO")
        result.append(st.RenameTable(make(start), old, cursor.name()))
        if not cursor.accept(","):
            return result
