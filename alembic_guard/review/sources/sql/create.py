"""``CREATE ...`` in SQL text."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from ... import statements as st
from ...specs import ColumnSpec, ConstraintSpec
from .columns import at_table_constraint, column_definition, table_constraint
from .cursor import OBJECTS, Cursor

MakeOrigin = Callable[[int], st.Origin]
_CODE_KINDS = ("FUNCTION", "PROCEDURE", "TRIGGER", "RULE", "EVENT", "POLICY", "AGGREGATE")


def create(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """Tables, indexes, types, sequences, views, code, schemas, extensions."""
    origin = make(start)
    replace = cursor.accept("OR", "REPLACE")
    flags = set()
    while word := cursor.accept_any(
        "TEMP", "TEMPORARY", "UNLOGGED", "UNIQUE", "GLOBAL", "LOCAL", "MATERIALIZED", "FULLTEXT",
        "SPATIAL", "RECURSIVE", "VIRTUAL", "CONSTRAINT", "FOREIGN", "TRUSTED",
    ):  # fmt: skip
        flags.add(word)
    _skip_definer(cursor)
    word = cursor.accept_any(*_KINDS, *_CODE_KINDS)
    if word is None:
        cursor.refuse_misspelt(*OBJECTS, "UNIQUE", "MATERIALIZED")
        return [st.OtherSql(origin, "create", cursor.sql[start:])]
    if word in _CODE_KINDS:
        return [_code(cursor, origin, word.lower(), replace)]
    return [_KINDS[word](cursor, origin, flags, replace)]


def _skip_definer(cursor: Cursor) -> None:
    """MySQL: ``DEFINER = user@host`` and ``SQL SECURITY ...`` before the kind of object."""
    if cursor.accept("DEFINER"):
        while not cursor.done and not (
            cursor.token.kind == "word" and cursor.token.upper in ("VIEW", "SQL", *_CODE_KINDS)
        ):
            cursor.step()
    if cursor.accept("SQL", "SECURITY"):
        cursor.step()


def _table(cursor: Cursor, origin: st.Origin, flags: set[str], _: bool) -> st.Statement:
    values: dict[str, Any] = {
        "if_not_exists": cursor.if_not_exists(),
        "temporary": bool(flags & {"TEMP", "TEMPORARY"}),
        "unlogged": "UNLOGGED" in flags,
    }
    name = cursor.name()
    if cursor.accept("PARTITION", "OF"):
        values["partition_of"] = cursor.name()
    elif cursor.accept("LIKE"):
        values["like"] = cursor.name()
    if cursor.at("(") and "partition_of" not in values:
        _table_body(cursor, values)
    values.update(_table_tail(cursor))
    return st.CreateTable(origin, name, **values)


def _table_body(cursor: Cursor, values: dict[str, Any]) -> None:
    columns: list[ColumnSpec] = []
    constraints: list[ConstraintSpec] = []
    cursor.expect("(")
    if cursor.at("SELECT"):
        cursor.index -= 1
        cursor.parenthesised()
        return
    while not cursor.done:
        line = cursor.line
        if at_table_constraint(cursor):
            constraints.append(table_constraint(cursor, line))
        elif cursor.accept("LIKE"):
            values["like"] = cursor.name()
        elif (cursor.at("INDEX") or cursor.at("KEY")) and cursor.tokens[
            cursor.index + 1
        ].value != ",":
            cursor.text_until(",")
        else:
            name = cursor.identifier()
            columns.append(column_definition(cursor, name, line))
        cursor.text_until(",")
        if not cursor.accept(","):
            break
    cursor.expect(")")
    values.update(columns=tuple(columns), constraints=tuple(constraints))


def _table_tail(cursor: Cursor) -> dict[str, Any]:
    values: dict[str, Any] = {}
    start = cursor.index
    while not cursor.done:
        if cursor.accept("PARTITION", "BY"):
            cursor.step()
            if cursor.at("("):
                values["partition_by"] = cursor.names_in_parens()
        elif cursor.at("AS") or cursor.at("SELECT"):
            values["from_select"] = True
            cursor.rest()
        else:
            cursor.step()
    tail = [token.value for token in cursor.tokens[start:]]
    return {**values, "options": {"tail": " ".join(tail)}} if tail else values


def _index(cursor: Cursor, origin: st.Origin, flags: set[str], _: bool) -> st.Statement:
    values: dict[str, Any] = {
        "unique": "UNIQUE" in flags,
        "concurrently": cursor.concurrently(),
        "if_not_exists": cursor.if_not_exists(),
    }
    name = None if cursor.at("ON") else cursor.name()
    if cursor.accept("USING"):
        values["method"] = cursor.identifier()
    cursor.expect("ON")
    values["only"] = cursor.accept("ONLY")
    table = cursor.name()
    if cursor.accept("USING"):
        values["method"] = cursor.identifier()
    if flags & {"FULLTEXT", "SPATIAL"}:
        values["method"] = (flags & {"FULLTEXT", "SPATIAL"}).pop().lower()
    values["columns"] = cursor.names_in_parens()
    options: dict[str, Any] = {}
    while not cursor.done:
        if cursor.accept("INCLUDE"):
            values["include"] = cursor.names_in_parens()
        elif cursor.accept("WHERE"):
            values["where"] = cursor.rest()
        elif key := cursor.accept_any("ALGORITHM", "LOCK"):
            cursor.accept("=")
            options[key.lower()] = cursor.step().upper
        else:
            cursor.step()
    return st.CreateIndex(origin, table, name, options=options, **values)


def _type(cursor: Cursor, origin: st.Origin, _: set[str], __: bool) -> st.Statement:
    name = cursor.name()
    if cursor.accept("AS", "ENUM"):
        inner = [token.value for token in cursor.tokens[cursor.index :] if token.kind == "string"]
        cursor.rest()
        return st.CreateType(origin, name, "enum", tuple(inner))
    composite = cursor.at("AS", "(")
    cursor.rest()
    return st.CreateType(origin, name, "composite" if composite else "other")


def _domain(cursor: Cursor, origin: st.Origin, _: set[str], __: bool) -> st.Statement:
    name = cursor.name()
    cursor.accept("AS")
    base = cursor.type()
    spec = column_definition(cursor, name, origin.line)
    cursor.rest()
    return st.CreateType(origin, name, "domain", base=base, constraints=spec.checks)


def _sequence(cursor: Cursor, origin: st.Origin, _: set[str], __: bool) -> st.Statement:
    cursor.if_not_exists()
    name = cursor.name()
    cursor.rest()
    return st.SequenceStatement(origin, name, "create")


def _view(cursor: Cursor, origin: st.Origin, flags: set[str], replace: bool) -> st.Statement:
    cursor.if_not_exists()
    name = cursor.name()
    body = cursor.rest()
    action = "replace" if replace else "create"
    with_data = not re.search(r"WITH\s+NO\s+DATA\s*$", body, re.IGNORECASE)
    return st.ViewStatement(
        origin, name, action, "MATERIALIZED" in flags, body=body, with_data=with_data
    )


def _schema(cursor: Cursor, origin: st.Origin, _: set[str], __: bool) -> st.Statement:
    return _place(cursor, origin, "schema")


def _database(cursor: Cursor, origin: st.Origin, _: set[str], __: bool) -> st.Statement:
    return _place(cursor, origin, "database")


def _extension(cursor: Cursor, origin: st.Origin, _: set[str], __: bool) -> st.Statement:
    return _place(cursor, origin, "extension")


def _place(cursor: Cursor, origin: st.Origin, kind: str) -> st.Statement:
    cursor.if_not_exists()
    name = cursor.identifier()
    rest = cursor.tokens[cursor.index :]
    version = None
    for token, following in pairwise(rest):
        if token.upper == "VERSION":
            version = following.value
    cursor.rest()
    return st.SchemaStatement(origin, kind, name, "create", version=version)


def _code(cursor: Cursor, origin: st.Origin, kind: str, replace: bool) -> st.Statement:
    cursor.if_not_exists()
    name = cursor.name()
    rest = cursor.tokens[cursor.index :]
    words = [token.upper or token.value for token in rest]
    table = None
    if kind in ("trigger", "policy", "rule"):
        key = "TO" if kind == "rule" else "ON"
        if key in words:
            cursor.index += words.index(key) + 1
            table = cursor.name()
    bodies = [token.value for token in rest if token.kind == "string"]
    joined = " ".join(words)
    body = max(bodies, key=len) if bodies else cursor.rest()
    cursor.rest()
    return st.CodeStatement(
        origin,
        name,
        kind,
        "replace" if replace else "create",
        table,
        body,
        security_definer="SECURITY DEFINER" in joined,
        has_search_path="SET SEARCH_PATH" in joined,
    )


_KINDS: dict[str, Callable[[Cursor, st.Origin, set[str], bool], st.Statement]] = {
    "TABLE": _table,
    "INDEX": _index,
    "TYPE": _type,
    "DOMAIN": _domain,
    "SEQUENCE": _sequence,
    "VIEW": _view,
    "SCHEMA": _schema,
    "DATABASE": _database,
    "EXTENSION": _extension,
}
