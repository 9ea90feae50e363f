"""What each `op.` call does, in the vocabulary of `statements`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .. import statements as st
from ..specs import UNSET, ColumnSpec, ConstraintKind, ConstraintSpec, Unset
from .columns import (
    column_spec,
    condition,
    constraint_spec,
    default_spec,
    is_column,
    names,
    type_spec,
    unqualified,
)
from .evaluate import text_of
from .values import Obj, shown

if TYPE_CHECKING:
    from .interpreter import Interpreter

SIGNATURES: dict[str, tuple[str, ...]] = {
    "create_table": ("table_name",),
    "drop_table": ("table_name",),
    "rename_table": ("old_table_name", "new_table_name"),
    "add_column": ("table_name", "column"),
    "drop_column": ("table_name", "column_name"),
    "alter_column": ("table_name", "column_name"),
    "create_index": ("index_name", "table_name", "columns"),
    "drop_index": ("index_name", "table_name"),
    "create_primary_key": ("constraint_name", "table_name", "columns"),
    "create_foreign_key": (
        "constraint_name", "source_table", "referent_table", "local_cols", "remote_cols",
    ),
    "create_unique_constraint": ("constraint_name", "table_name", "columns"),
    "create_check_constraint": ("constraint_name", "table_name", "condition"),
    "create_exclude_constraint": ("constraint_name", "table_name"),
    "drop_constraint": ("constraint_name", "table_name", "type_"),
    "create_table_comment": ("table_name", "comment"),
    "drop_table_comment": ("table_name",),
    "bulk_insert": ("table", "rows"),
    "rename_column": ("table_name", "old_name", "new_name"),
    "rename_index": ("table_name", "old_name", "new_name"),
    "rename_constraint": ("table_name", "old_name", "new_name"),
    "rename_sequence": ("old_name", "new_name"),
    "rename_enum_type": ("old_name", "new_name"),
    "rename_enum_value": ("type_name", "old_value", "new_value"),
}  # fmt: skip
_BATCH_TABLE = {"create_foreign_key": "source_table"}
_IN_BATCHES = {
    name: (key, tuple(part for part in signature if part != key))
    for name, signature in SIGNATURES.items()
    for key in (_BATCH_TABLE.get(name, "table_name"),)
}
"""What a batch block fills in, and what its methods take."""


class Call:
    """One operation: its arguments by name, the table of the batch block filled in."""

    def __init__(
        self, run: Interpreter, name: str, args: list[Any], kwargs: dict[str, Any], node: ast.AST
    ) -> None:
        self.run, self.name, self.node = run, name, node
        batch = run.context.batch
        given: dict[str, Any] = {}
        if batch is None:
            signature = SIGNATURES[name]
        else:
            key, signature = _IN_BATCHES[name]
            given[key] = batch.table
        given.update(zip(signature, args, strict=False))
        self.rest = args[len(signature) :]
        given.update(kwargs)
        self.values: Mapping[str, Any] = given
        self.origin = run.origin(node, via="batch" if batch is not None else "op", text=name)

    def get(self, key: str) -> Any:
        return self.values.get(key)

    def name_of(self, key: str) -> str | None:
        value = self.values.get(key)
        return None if value is None else shown(text_of(value) if isinstance(value, Obj) else value)

    def table(self, key: str = "table_name", schema: str = "schema") -> str:
        """The table with its schema."""
        table = self.name_of(key) or "{table}"
        where = self.get(schema)
        return unqualified(f"{shown(where)}.{table}" if where is not None else table)

    def flag(self, key: str) -> bool:
        return self.values.get(key) is True

    def options(self) -> dict[str, Any]:
        """The dialect's keyword arguments."""
        prefixes = ("postgresql_", "mysql_", "mariadb_", "sqlite_")
        return {key: value for key, value in self.values.items() if key.startswith(prefixes)}


def operation(
    run: Interpreter, name: str, args: list[Any], kwargs: dict[str, Any], node: ast.AST
) -> bool:
    """Note what ``op.name(...)`` does; False when the operation is not one of Alembic's or ours."""
    handler = _HANDLERS.get(name)
    if handler is None:
        return False
    run.statements.extend(handler(Call(run, name, args, kwargs, node)))
    return True


def _create_table(call: Call) -> list[st.Statement]:
    columns: list[ColumnSpec] = []
    constraints: list[ConstraintSpec] = []
    dialect = call.run.dialect
    for item in call.rest:
        if is_column(item) or (isinstance(item, Obj) and item.attr in ("copy", "_copy")):
            spec = column_spec(item, dialect)
            if spec is not None:
                columns.append(spec)
        else:
            constraint = constraint_spec(item, dialect)
            if constraint is not None:
                constraints.append(constraint)
    prefixes = call.get("prefixes")
    words = (
        {shown(word).upper() for word in prefixes} if isinstance(prefixes, (list, tuple)) else set()
    )
    return [
        st.CreateTable(
            call.origin,
            call.table(),
            tuple(columns),
            tuple(constraints),
            if_not_exists=call.flag("if_not_exists"),
            temporary=bool(words & {"TEMPORARY", "TEMP"}),
            unlogged="UNLOGGED" in words,
            options=call.options(),
        )
    ]


def _drop_table(call: Call) -> list[st.Statement]:
    return [st.DropTable(call.origin, call.table(), call.flag("if_exists"))]


def _rename_table(call: Call) -> list[st.Statement]:
    new = call.table("new_table_name")
    return [st.RenameTable(call.origin, call.table("old_table_name"), new)]


def _add_column(call: Call) -> list[st.Statement]:
    spec = column_spec(call.get("column"), call.run.dialect)
    if spec is None:
        spec = ColumnSpec(shown(call.get("column")), line=call.origin.line)
    return [st.AddColumn(call.origin, call.table(), spec, call.flag("if_not_exists"))]


def _drop_column(call: Call) -> list[st.Statement]:
    column = call.name_of("column_name") or "{column}"
    return [st.DropColumn(call.origin, call.table(), column, call.flag("if_exists"))]


def _alter_column(call: Call) -> list[st.Statement]:
    dialect, line = call.run.dialect, call.origin.line
    table, column = call.table(), call.name_of("column_name") or "{column}"
    result: list[st.Statement] = []
    new_name = call.get("new_column_name") or call.get("name")
    nullable, existing_nullable = call.get("nullable"), call.get("existing_nullable")
    changed = {
        "type": type_spec(call.get("type_"), dialect),
        "nullable": nullable if isinstance(nullable, bool) else None,
        "server_default": _default(call, "server_default", line),
        "comment": _comment(call, "comment"),
        "autoincrement": call.get("autoincrement") if call.flag("autoincrement") else None,
        "using": _using(call),
    }
    default = call.get("server_default")
    identity = isinstance(default, Obj) and default.last == "Identity"
    altered = st.AlterColumn(
        call.origin,
        table,
        shown(new_name) if new_name is not None else column,
        existing_type=type_spec(call.get("existing_type"), dialect),
        existing_nullable=existing_nullable if isinstance(existing_nullable, bool) else None,
        existing_server_default=_default(call, "existing_server_default", line),
        existing_comment=_comment(call, "existing_comment"),
        identity=identity,
        **changed,
    )
    if new_name is not None:
        result.append(
            st.RenameColumn(
                call.origin, table, column, shown(new_name),
                altered.type or altered.existing_type,
                altered.existing_nullable if altered.nullable is None else altered.nullable,
            )
        )  # fmt: skip
    if (
        new_name is None
        or any(v is not None and v is not UNSET for k, v in changed.items() if k != "using")
        or changed["server_default"] is None
        or changed["comment"] is None
    ):
        result.append(altered)
    return result


def _default(call: Call, key: str, line: int) -> Any:
    value = call.values.get(key, UNSET)
    if key == "server_default" and value is False:
        return UNSET
    return default_spec(value, line)


def _comment(call: Call, key: str) -> str | Unset | None:
    value = call.values.get(key, UNSET)
    if value is UNSET or value is False or isinstance(value, Unset):
        return UNSET
    return None if value is None else shown(value)


def _using(call: Call) -> str | None:
    value = call.get("postgresql_using")
    return None if value is None else shown(value)


def _create_index(call: Call) -> list[st.Statement]:
    where = call.get("postgresql_where") or call.get("sqlite_where")
    text = text_of(where) if isinstance(where, Obj) else where
    method = call.get("postgresql_using") or call.get("mysql_using") or call.get("mysql_prefix")
    include = call.get("postgresql_include")
    return [
        st.CreateIndex(
            call.origin,
            call.table(),
            call.name_of("index_name"),
            names(call.get("columns")),
            unique=call.flag("unique"),
            concurrently=call.flag("postgresql_concurrently"),
            if_not_exists=call.flag("if_not_exists"),
            where=None if where is None else (text if isinstance(text, str) else "expression"),
            method=shown(method).lower() if method is not None else None,
            include=names(include) if include is not None else (),
            options=call.options(),
        )
    ]


def _drop_index(call: Call) -> list[st.Statement]:
    table = call.table() if call.get("table_name") is not None else None
    return [
        st.DropIndex(
            call.origin,
            call.name_of("index_name"),
            table,
            call.flag("postgresql_concurrently"),
            call.flag("if_exists"),
        )
    ]


def _constraint(
    call: Call, kind: ConstraintKind, key: str = "table_name", **more: Any
) -> list[st.Statement]:
    spec = ConstraintSpec(
        kind,
        call.name_of("constraint_name"),
        not_valid=call.flag("postgresql_not_valid"),
        deferrable=call.flag("deferrable"),
        line=call.origin.line,
        **more,
    )
    schema = "source_schema" if key == "source_table" else "schema"
    return [st.AddConstraint(call.origin, call.table(key, schema), spec)]


def _primary_key(call: Call) -> list[st.Statement]:
    return _constraint(call, "primary", columns=names(call.get("columns")))


def _unique(call: Call) -> list[st.Statement]:
    index = call.name_of("postgresql_using_index")
    return _constraint(call, "unique", columns=names(call.get("columns")), using_index=index)


def _check(call: Call) -> list[st.Statement]:
    return _constraint(call, "check", expression=condition([call.get("condition")]))


def _exclude(call: Call) -> list[st.Statement]:
    return _constraint(call, "exclude")


def _foreign_key(call: Call) -> list[st.Statement]:
    if call.run.context.batch is not None and call.get("source_schema") is None:
        call.values = {**call.values, "source_schema": None}
    return _constraint(
        call,
        "foreign",
        "source_table",
        columns=names(call.get("local_cols")),
        ref_table=call.table("referent_table", "referent_schema"),
        ref_columns=names(call.get("remote_cols")),
        ondelete=call.name_of("ondelete"),
        onupdate=call.name_of("onupdate"),
    )


_TYPES: dict[str, ConstraintKind] = {
    "foreignkey": "foreign",
    "unique": "unique",
    "check": "check",
    "primary": "primary",
    "foreign_key": "foreign",
    "primary_key": "primary",
}


def _drop_constraint(call: Call) -> list[st.Statement]:
    kind = _TYPES.get(call.name_of("type_") or "", "unknown")
    name = call.name_of("constraint_name")
    return [st.DropConstraint(call.origin, call.table(), name, kind, call.flag("if_exists"))]


def _table_comment(call: Call) -> list[st.Statement]:
    return [st.CommentOn(call.origin, "table", call.table())]


def _bulk_insert(call: Call) -> list[st.Statement]:
    from .core_sql import table_name

    rows = call.get("rows")
    count = len(rows) if isinstance(rows, (list, tuple)) else None
    columns = tuple(str(k) for k in rows[0]) if count and isinstance(rows[0], dict) else ()
    literals = tuple(
        str(v) for row in (rows if count else ())[:50] if isinstance(row, dict)
        for v in row.values() if isinstance(v, str)
    )  # fmt: skip
    name = table_name(call.get("table"))
    return [st.Dml(call.origin, "insert", name, rows=count, columns=columns, literals=literals)]


def _rename_column(call: Call) -> list[st.Statement]:
    old, new = call.name_of("old_name") or "{old}", call.name_of("new_name") or "{new}"
    return [st.RenameColumn(call.origin, call.table(), old, new)]


def _rename_index(call: Call) -> list[st.Statement]:
    old, new = call.name_of("old_name") or "{old}", call.name_of("new_name") or "{new}"
    return [st.RenameIndex(call.origin, old, new, call.table())]


def _rename_constraint(call: Call) -> list[st.Statement]:
    old, new = call.name_of("old_name") or "{old}", call.name_of("new_name") or "{new}"
    return [st.RenameConstraint(call.origin, call.table(), old, new)]


def _rename_sequence(call: Call) -> list[st.Statement]:
    return [
        st.SequenceStatement(
            call.origin, call.table("old_name"), "rename", new=call.name_of("new_name")
        )
    ]


def _rename_enum_type(call: Call) -> list[st.Statement]:
    return [
        st.AlterType(call.origin, call.table("old_name"), "rename", new=call.name_of("new_name"))
    ]


def _rename_enum_value(call: Call) -> list[st.Statement]:
    return [
        st.AlterType(
            call.origin,
            call.table("type_name"),
            "rename_value",
            call.name_of("old_value"),
            call.name_of("new_value"),
        )
    ]


_HANDLERS: dict[str, Callable[[Call], list[st.Statement]]] = {
    "create_table": _create_table,
    "drop_table": _drop_table,
    "rename_table": _rename_table,
    "add_column": _add_column,
    "drop_column": _drop_column,
    "alter_column": _alter_column,
    "create_index": _create_index,
    "drop_index": _drop_index,
    "create_primary_key": _primary_key,
    "create_foreign_key": _foreign_key,
    "create_unique_constraint": _unique,
    "create_check_constraint": _check,
    "create_exclude_constraint": _exclude,
    "drop_constraint": _drop_constraint,
    "create_table_comment": _table_comment,
    "drop_table_comment": _table_comment,
    "bulk_insert": _bulk_insert,
    "rename_column": _rename_column,
    "rename_index": _rename_index,
    "rename_constraint": _rename_constraint,
    "rename_sequence": _rename_sequence,
    "rename_enum_type": _rename_enum_type,
    "rename_enum_value": _rename_enum_value,
}
