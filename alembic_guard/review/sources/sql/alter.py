"""``ALTER`` of anything; tables have a module of their own."""

from __future__ import annotations

from collections.abc import Callable

from ... import statements as st
from .alter_table import alter_table
from .columns import table_constraint
from .cursor import OBJECTS, Cursor

MakeOrigin = Callable[[int], st.Origin]


def alter(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """ALTER TABLE, INDEX, TYPE, DOMAIN, SEQUENCE, VIEW, SCHEMA, DATABASE, SYSTEM, ..."""
    if cursor.accept("FOREIGN", "TABLE") or cursor.accept("TABLE"):
        return alter_table(cursor, make, start)
    origin = make(start)
    if cursor.accept("IGNORE", "TABLE") or cursor.accept("ONLINE", "TABLE"):
        return alter_table(cursor, make, start)
    materialized = cursor.accept("MATERIALIZED")
    kind = cursor.accept_any(*_READERS, "VIEW")
    if kind == "VIEW":
        return [_view(cursor, origin, materialized)]
    if kind is None:
        cursor.refuse_misspelt(*OBJECTS)
        verb = f"alter {cursor.token.value.lower()}"
        cursor.rest()
        return [st.OtherSql(origin, verb, cursor.sql[start:])]
    return [_READERS[kind](cursor, origin)]


def _type(cursor: Cursor, origin: st.Origin) -> st.Statement:
    name = cursor.name()
    if cursor.accept("ADD", "VALUE"):
        if_not_exists = cursor.if_not_exists()
        value = cursor.step().value
        position = cursor.rest() or None
        return st.AlterType(
            origin, name, "add_value", value, if_not_exists=if_not_exists, position=position
        )
    if cursor.accept("RENAME", "VALUE"):
        value = cursor.step().value
        cursor.expect("TO")
        return st.AlterType(origin, name, "rename_value", value, cursor.step().value)
    if cursor.accept("RENAME", "TO"):
        return st.AlterType(origin, name, "rename", new=cursor.name())
    if cursor.accept("SET", "SCHEMA"):
        return st.AlterType(origin, name, "set_schema", new=cursor.name())
    cursor.rest()
    return st.AlterType(origin, name, "other")


def _domain(cursor: Cursor, origin: st.Origin) -> st.Statement:
    name = cursor.name()
    if cursor.accept("ADD"):
        constraint = table_constraint(cursor, origin.line)
        return st.AlterDomain(origin, name, "add_constraint", constraint, constraint.name)
    for words, action in _DOMAIN_ACTIONS:
        if cursor.accept(*words):
            target = cursor.rest() or None
            return st.AlterDomain(origin, name, action, target=target)
    cursor.rest()
    return st.AlterDomain(origin, name, "other")


_DOMAIN_ACTIONS = (
    (("VALIDATE", "CONSTRAINT"), "validate_constraint"),
    (("DROP", "CONSTRAINT"), "drop_constraint"),
    (("SET", "NOT", "NULL"), "set_not_null"),
    (("DROP", "NOT", "NULL"), "drop_not_null"),
    (("SET", "DEFAULT"), "set_default"),
    (("DROP", "DEFAULT"), "drop_default"),
    (("RENAME",), "rename"),
)


def _index(cursor: Cursor, origin: st.Origin) -> st.Statement:
    cursor.if_exists()
    name = cursor.name()
    if cursor.accept("RENAME", "TO"):
        return st.RenameIndex(origin, name, cursor.identifier())
    cursor.rest()
    return st.OtherSql(origin, "alter index", cursor.sql)


def _sequence(cursor: Cursor, origin: st.Origin) -> st.Statement:
    cursor.if_exists()
    name = cursor.name()
    if cursor.accept("RENAME", "TO"):
        return st.SequenceStatement(origin, name, "rename", new=cursor.identifier())
    owned = cursor.name() if cursor.accept("OWNED", "BY") else None
    cursor.rest()
    return st.SequenceStatement(origin, name, "alter", owned)


def _view(cursor: Cursor, origin: st.Origin, materialized: bool) -> st.Statement:
    cursor.if_exists()
    name = cursor.name()
    action = "rename" if cursor.accept("RENAME") else "alter"
    cursor.rest()
    return st.ViewStatement(origin, name, action, materialized)


def _schema(cursor: Cursor, origin: st.Origin) -> st.Statement:
    return _place(cursor, origin, "schema")


def _database(cursor: Cursor, origin: st.Origin) -> st.Statement:
    return _place(cursor, origin, "database")


def _extension(cursor: Cursor, origin: st.Origin) -> st.Statement:
    return _place(cursor, origin, "extension")


def _place(cursor: Cursor, origin: st.Origin, kind: str) -> st.Statement:
    name = cursor.identifier()
    if cursor.accept("RENAME", "TO"):
        return st.SchemaStatement(origin, kind, name, "rename", new=cursor.identifier())
    cursor.rest()
    return st.SchemaStatement(origin, kind, name, "alter")


def _code(cursor: Cursor, origin: st.Origin) -> st.Statement:
    kind = cursor.tokens[cursor.index - 1].value.lower()
    name = cursor.name()
    cursor.rest()
    return st.CodeStatement(origin, name, kind, "alter")


_READERS: dict[str, Callable[[Cursor, st.Origin], st.Statement]] = {
    "TYPE": _type,
    "DOMAIN": _domain,
    "INDEX": _index,
    "SEQUENCE": _sequence,
    "SCHEMA": _schema,
    "DATABASE": _database,
    "EXTENSION": _extension,
    "FUNCTION": _code,
    "PROCEDURE": _code,
    "TRIGGER": _code,
    "POLICY": _code,
}
