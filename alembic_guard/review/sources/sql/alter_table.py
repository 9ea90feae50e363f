"""``ALTER TABLE``: each action becomes its own statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ... import statements as st
from ...specs import ColumnSpec, Default, TypeSpec
from .columns import at_table_constraint, column_definition, default_value, table_constraint
from .cursor import Cursor, ParseError

MakeOrigin = Callable[[int], st.Origin]


def alter_table(cursor: Cursor, make: MakeOrigin, start: int) -> list[st.Statement]:
    """The statements of one ALTER TABLE, the first located at `start`, the others at their action."""
    cursor.if_exists()
    cursor.accept("ONLY")
    table = cursor.name()
    cursor.accept("*")
    result: list[st.Statement] = []
    offset = start
    while True:
        result.extend(_action(cursor, make(offset), table))
        if cursor.done:
            return result
        cursor.expect(",")
        offset = cursor.offset


def _action(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    word = cursor.accept_any(*_ACTIONS)
    if word is None:
        if not cursor.done and cursor.token.kind == "word":
            text = cursor.text_until(",")
            return [st.AlterTable(origin, table, "other", options={"text": text})]
        shown = cursor.token.value if not cursor.done else "the end"
        raise ParseError(f"ALTER TABLE has no action before {shown!r}", cursor.offset)
    return _ACTIONS[word](cursor, origin, table)


def _add(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    if at_table_constraint(cursor):
        return [st.AddConstraint(origin, table, table_constraint(cursor, origin.line))]
    if kind := cursor.accept_any("INDEX", "KEY", "FULLTEXT", "SPATIAL"):
        return [_mysql_index(cursor, origin, table, kind)]
    if cursor.accept("PARTITION"):
        return [_other(cursor, origin, table, "add_partition")]
    cursor.accept("COLUMN")
    if_not_exists = cursor.if_not_exists()
    if cursor.accept("("):
        return _several_columns(cursor, origin, table)
    name = cursor.identifier()
    column = column_definition(cursor, name, origin.line)
    return [st.AddColumn(origin, table, column, if_not_exists)]


def _several_columns(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    result: list[st.Statement] = []
    while True:
        name = cursor.identifier()
        result.append(st.AddColumn(origin, table, column_definition(cursor, name, origin.line)))
        if not cursor.accept(","):
            cursor.expect(")")
            return result


def _mysql_index(cursor: Cursor, origin: st.Origin, table: str, kind: str) -> st.Statement:
    cursor.accept_any("INDEX", "KEY")
    cursor.if_not_exists()
    name = cursor.identifier() if not cursor.at("(") and not cursor.at("USING") else None
    method = kind.lower() if kind in ("FULLTEXT", "SPATIAL") else None
    if cursor.accept("USING"):
        method = cursor.identifier()
    columns = cursor.names_in_parens()
    cursor.text_until(",")
    return st.CreateIndex(origin, table, name, columns, method=method)


def _drop(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    if cursor.accept("CONSTRAINT"):
        if_exists = cursor.if_exists()
        name = cursor.identifier()
        return [st.DropConstraint(origin, table, name, "unknown", if_exists, cursor.cascade())]
    if cursor.accept("PRIMARY", "KEY"):
        return [st.DropConstraint(origin, table, "PRIMARY", "primary")]
    if cursor.accept("FOREIGN", "KEY"):
        if_exists = cursor.if_exists()
        return [st.DropConstraint(origin, table, cursor.identifier(), "foreign", if_exists)]
    if cursor.accept("CHECK"):
        return [st.DropConstraint(origin, table, cursor.identifier(), "check")]
    if cursor.accept_any("INDEX", "KEY"):
        if_exists = cursor.if_exists()
        return [st.DropIndex(origin, cursor.identifier(), table, if_exists=if_exists)]
    if cursor.accept("PARTITION"):
        return [_other(cursor, origin, table, "drop_partition")]
    cursor.accept("COLUMN")
    if_exists = cursor.if_exists()
    column = cursor.identifier()
    return [st.DropColumn(origin, table, column, if_exists, cursor.cascade())]


def _rename(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    if cursor.accept("CONSTRAINT"):
        name = cursor.identifier()
        cursor.expect("TO")
        return [st.RenameConstraint(origin, table, name, cursor.identifier())]
    if cursor.accept_any("INDEX", "KEY"):
        name = cursor.identifier()
        cursor.expect("TO")
        return [st.RenameIndex(origin, name, cursor.identifier(), table)]
    if cursor.accept_any("TO", "AS"):
        return [st.RenameTable(origin, table, cursor.name())]
    cursor.accept("COLUMN")
    name = cursor.identifier()
    if cursor.done:
        return [st.RenameTable(origin, table, name)]
    cursor.expect("TO")
    return [st.RenameColumn(origin, table, name, cursor.identifier())]


def _alter(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    if cursor.accept("CONSTRAINT"):
        return [_other(cursor, origin, table, "alter_constraint")]
    if cursor.accept_any("INDEX", "KEY", "CHECK"):
        return [_other(cursor, origin, table, "alter_index")]
    cursor.accept("COLUMN")
    column = cursor.identifier()
    return [_alter_column(cursor, origin, table, column)]


_COLUMN_SETTINGS = (
    "STATISTICS", "STORAGE", "COMPRESSION", "GENERATED", "EXPRESSION", "INCREMENT", "START", "RESTART",
    "MINVALUE", "MAXVALUE", "CACHE", "CYCLE", "NO", "SEQUENCE", "VISIBLE", "INVISIBLE", "MASKED",
    "OPTIONS", "LOGGED", "UNLOGGED",
)  # fmt: skip


def _expect_column_setting(cursor: Cursor) -> None:
    word = cursor.token
    if word.kind == "word" and "{" not in word.value and word.upper not in _COLUMN_SETTINGS:
        raise ParseError(f"a column has no {word.value!r} to set", cursor.offset)


def _alter_column(cursor: Cursor, origin: st.Origin, table: str, column: str) -> st.Statement:
    values: dict[str, Any] = {}
    if cursor.accept("SET", "NOT", "NULL"):
        values["nullable"] = False
    elif cursor.accept("DROP", "NOT", "NULL"):
        values["nullable"] = True
    elif cursor.accept("SET", "DEFAULT"):
        default = default_value(cursor, origin.line)
        values["server_default"] = default
    elif cursor.accept("DROP", "DEFAULT"):
        values["server_default"] = None
    elif cursor.accept("SET", "DATA", "TYPE") or cursor.accept("TYPE"):
        values.update(_type_change(cursor))
    elif cursor.accept("DROP", "IDENTITY"):
        cursor.if_exists()
        values["drop"] = "identity"
    elif cursor.accept("DROP", "EXPRESSION"):
        cursor.if_exists()
        values["drop"] = "expression"
    elif cursor.accept("ADD", "GENERATED"):
        cursor.text_until(",")
        values["identity"] = True
    else:
        if cursor.accept("SET"):
            _expect_column_setting(cursor)
        cursor.text_until(",")
        values["statistics"] = True
    return st.AlterColumn(origin, table, column, **values)


def _type_change(cursor: Cursor) -> dict[str, Any]:
    values: dict[str, Any] = {"type": cursor.type()}
    if cursor.accept("USING"):
        values["using"] = cursor.text_until(",")
    return values


def _modify(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    cursor.accept("COLUMN")
    cursor.if_exists()
    column = cursor.identifier()
    return [_restated(origin, table, column, column_definition(cursor, column, origin.line))]


def _change(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    cursor.accept("COLUMN")
    cursor.if_exists()
    old, new = cursor.identifier(), cursor.identifier()
    altered = _restated(origin, table, new, column_definition(cursor, new, origin.line))
    if old == new:
        return [altered]
    return [st.RenameColumn(origin, table, old, new), altered]


def _restated(origin: st.Origin, table: str, name: str, spec: ColumnSpec) -> st.AlterColumn:
    """MODIFY and CHANGE restate the column: what they leave out is gone."""
    default: Default | None = spec.default
    column_type: TypeSpec | None = spec.type
    return st.AlterColumn(
        origin, table, name, type=column_type, nullable=spec.nullable, server_default=default,
        comment=spec.comment, autoincrement=spec.autoincrement, modify=True,
    )  # fmt: skip


def _set(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    for words, action in _SET_ACTIONS:
        if cursor.accept(*words):
            target = cursor.identifier() if action not in ("set_logged", "set_unlogged") else None
            return [st.AlterTable(origin, table, action, target)]
    return [_other(cursor, origin, table, "set_options")]


_SET_ACTIONS = (
    (("LOGGED",), "set_logged"),
    (("UNLOGGED",), "set_unlogged"),
    (("TABLESPACE",), "set_tablespace"),
    (("ACCESS", "METHOD"), "set_access_method"),
    (("SCHEMA",), "set_schema"),
)


def _attach(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    cursor.expect("PARTITION")
    target = cursor.name()
    bounds = cursor.text_until()
    return [st.AlterTable(origin, table, "attach_partition", target, {"bounds": bounds})]


def _detach(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    cursor.expect("PARTITION")
    target = cursor.name()
    concurrently = cursor.accept("CONCURRENTLY")
    finalize = cursor.accept("FINALIZE")
    options = {"concurrently": concurrently, "finalize": finalize}
    return [st.AlterTable(origin, table, "detach_partition", target, options)]


def _validate(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    cursor.expect("CONSTRAINT")
    return [st.ValidateConstraint(origin, table, cursor.identifier())]


def _enable(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    return [_switch(cursor, origin, table, "enable")]


def _disable(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    return [_switch(cursor, origin, table, "disable")]


def _switch(cursor: Cursor, origin: st.Origin, table: str, verb: str) -> st.Statement:
    if cursor.accept("ROW", "LEVEL", "SECURITY"):
        return st.AlterTable(origin, table, f"{verb}_rls")
    cursor.accept_any("REPLICA", "ALWAYS")
    if cursor.accept_any("TRIGGER", "RULE"):
        return st.AlterTable(origin, table, f"{verb}_trigger", cursor.identifier())
    if cursor.accept("KEYS"):
        return st.AlterTable(origin, table, f"{verb}_keys")
    return _other(cursor, origin, table, verb)


def _force(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    if not cursor.at("ROW"):
        return [st.AlterTable(origin, table, "force")]
    cursor.text_until(",")
    return [st.AlterTable(origin, table, "force_rls")]


def _replica(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    cursor.expect("IDENTITY")
    return [st.AlterTable(origin, table, "replica_identity", cursor.text_until(","))]


def _owner(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    cursor.expect("TO")
    return [st.AlterTable(origin, table, "owner", cursor.text_until(","))]


def _convert(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    return [_other(cursor, origin, table, "convert_charset")]


def _engine(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    cursor.accept("=")
    engine = cursor.identifier()
    return [st.AlterTable(origin, table, "engine", engine, {"text": cursor.text_until(",")})]


def _row_format(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    cursor.accept("=")
    return [st.AlterTable(origin, table, "row_format", cursor.text_until(","))]


def _partition(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    return [_other(cursor, origin, table, "partition_by" if cursor.at("BY") else "partition")]


def _remove(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    return [_other(cursor, origin, table, "remove_partitioning")]


def _algorithm(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    cursor.accept("=")
    return [st.AlterTable(origin, table, "algorithm_option", cursor.identifier())]


def _lock(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    cursor.accept("=")
    return [st.AlterTable(origin, table, "lock_option", cursor.identifier())]


def _cluster(cursor: Cursor, origin: st.Origin, table: str) -> list[st.Statement]:
    cursor.expect("ON")
    return [st.AlterTable(origin, table, "cluster_on", cursor.identifier())]


def _other(cursor: Cursor, origin: st.Origin, table: str, action: str) -> st.Statement:
    return st.AlterTable(origin, table, action, options={"text": cursor.text_until()})


_ACTIONS: dict[str, Callable[[Cursor, st.Origin, str], list[st.Statement]]] = {
    "ADD": _add,
    "DROP": _drop,
    "RENAME": _rename,
    "ALTER": _alter,
    "MODIFY": _modify,
    "CHANGE": _change,
    "SET": _set,
    "ATTACH": _attach,
    "DETACH": _detach,
    "VALIDATE": _validate,
    "ENABLE": _enable,
    "DISABLE": _disable,
    "FORCE": _force,
    "REPLICA": _replica,
    "OWNER": _owner,
    "CONVERT": _convert,
    "ENGINE": _engine,
    "ROW_FORMAT": _row_format,
    "KEY_BLOCK_SIZE": _row_format,
    "PARTITION": _partition,
    "REMOVE": _remove,
    "ALGORITHM": _algorithm,
    "LOCK": _lock,
    "CLUSTER": _cluster,
}
