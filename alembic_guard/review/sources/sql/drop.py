"""``DROP ...`` in SQL text."""

from __future__ import annotations

from collections.abc import Callable

from ... import statements as st
from .cursor import OBJECTS, Cursor

_CODE = ("FUNCTION", "PROCEDURE", "TRIGGER", "RULE", "EVENT", "POLICY", "AGGREGATE", "ROUTINE")


def drop(cursor: Cursor, make: Callable[[int], st.Origin], start: int) -> list[st.Statement]:
    """One statement for each name dropped."""
    origin = make(start)
    cursor.accept_any("TEMPORARY")
    if cursor.at("FOREIGN", "TABLE"):
        cursor.accept("FOREIGN")
    materialized = cursor.accept("MATERIALIZED")
    kind = cursor.accept_any(
        "TABLE", "INDEX", "TYPE", "DOMAIN", "SEQUENCE", "VIEW", "SCHEMA", "DATABASE", "EXTENSION", *_CODE
    )  # fmt: skip
    if kind is None:
        cursor.refuse_misspelt(*OBJECTS)
        cursor.rest()
        return [st.OtherSql(origin, "drop", cursor.sql[start:])]
    concurrently = cursor.concurrently()
    if_exists = cursor.if_exists()
    if kind in _CODE:
        return _code(cursor, origin, kind.lower())
    names = [cursor.name()]
    while cursor.accept(","):
        names.append(cursor.name())
    table = cursor.name() if kind == "INDEX" and cursor.accept("ON") else None
    if kind == "INDEX" and table:
        cursor.rest()
    cursor.accept("WITH", "(", "FORCE", ")")
    cascade = cursor.cascade()
    return [
        _one(origin, kind, name, table, concurrently, if_exists, cascade, materialized)
        for name in names
    ]


def _one(
    origin: st.Origin,
    kind: str,
    name: str,
    table: str | None,
    concurrently: bool,
    if_exists: bool,
    cascade: bool,
    materialized: bool,
) -> st.Statement:
    if kind == "TABLE":
        return st.DropTable(origin, name, if_exists, cascade)
    if kind == "INDEX":
        return st.DropIndex(origin, name, table, concurrently, if_exists, cascade)
    if kind in ("TYPE", "DOMAIN"):
        type_kind = "domain" if kind == "DOMAIN" else "enum"
        return st.DropType(origin, name, type_kind, if_exists, cascade)
    if kind == "SEQUENCE":
        return st.SequenceStatement(origin, name, "drop", cascade=cascade)
    if kind == "VIEW":
        return st.ViewStatement(
            origin, name, "drop", materialized, cascade=cascade, if_exists=if_exists
        )
    return st.SchemaStatement(origin, kind.lower(), name, "drop", cascade, if_exists=if_exists)


def _code(cursor: Cursor, origin: st.Origin, kind: str) -> list[st.Statement]:
    names = [cursor.name()]
    if cursor.at("("):
        cursor.parenthesised()
    table = cursor.name() if cursor.accept("ON") else None
    while cursor.accept(","):
        names.append(cursor.name())
        if cursor.at("("):
            cursor.parenthesised()
    cascade = cursor.cascade()
    return [st.CodeStatement(origin, name, kind, "drop", table, cascade=cascade) for name in names]
