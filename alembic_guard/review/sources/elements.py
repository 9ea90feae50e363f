"""What SQLAlchemy's DDL elements and Alembic's operation objects do when they are executed.

``enum.create(bind)``, ``op.execute(sa.schema.DropSchema("staging"))``, ``op.invoke(ops.DropTableOp("t"))``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from .. import statements as st
from .columns import column_spec, constraint_spec, names, type_spec
from .core_sql import table_name
from .operations import SIGNATURES, operation
from .values import Obj, shown

if TYPE_CHECKING:
    from .interpreter import Interpreter

_ELEMENT = re.compile(r"(Create|Drop|Add)(Table|Index|Sequence|Schema|Constraint)")
_OPERATION = re.compile(r"(?<!^)(?=[A-Z])")
_MODIFIED = {
    "modify_type": "type_",
    "modify_nullable": "nullable",
    "modify_server_default": "server_default",
    "modify_comment": "comment",
    "modify_name": "new_column_name",
}
_CONTAINERS = ("ModifyTableOps", "UpgradeOps", "DowngradeOps", "OpContainer")


def ddl_object(owner: Obj) -> Obj | None:
    """The enum type, table, sequence or index `create` or `drop` is called on."""
    if owner.last.lower() in ("enum", "table", "sequence", "index", "domain"):
        return owner
    return None


def create_or_drop(
    run: Interpreter, owner: Obj, name: str, kwargs: dict[str, Any], node: ast.AST
) -> None:
    """``enum.create(bind, checkfirst=True)``, ``table.drop(bind)`` and so on."""
    kind = owner.last.lower()
    checkfirst = kwargs.get("checkfirst") is not False
    if kind in ("enum", "domain"):
        _enum(run, owner, name, checkfirst, kwargs.get("checkfirst") is True, node)
    elif kind == "sequence":
        run.emit(st.SequenceStatement, node, "core", name=shown(owner.args[0]), action=name)
    elif kind == "index":
        _index(run, owner, name, node)
    elif name == "drop":
        run.emit(st.DropTable, node, "core", table=table_name(owner), if_exists=checkfirst)
    else:
        _create_table(run, owner, checkfirst, node)


def _enum(
    run: Interpreter, owner: Obj, name: str, checkfirst: bool, explicit: bool, node: ast.AST
) -> None:
    spec = type_spec(owner, run.dialect)
    if spec is None or run.dialect != "postgresql":
        return
    given = {"name": spec.enum_name or "{enum}", "kind": spec.name}
    if name == "create":
        run.emit(st.CreateType, node, "core", values=spec.values, checkfirst=explicit, **given)
    else:
        run.emit(st.DropType, node, "core", if_exists=checkfirst, **given)


def _index(run: Interpreter, owner: Obj, name: str, node: ast.AST) -> None:
    index, columns, options = shown(owner.args[0]), owner.args[1:], owner.kwargs
    concurrently = options.get("postgresql_concurrently") is True
    table = _table_of(columns)
    if name == "drop":
        run.emit(st.DropIndex, node, "core", name=index, table=table, concurrently=concurrently)
        return
    run.emit(
        st.CreateIndex,
        node,
        "core",
        table=table or "{table}",
        name=index,
        columns=tuple(_column_name(column) for column in columns),
        unique=options.get("unique") is True,
        concurrently=concurrently,
    )


def _create_table(run: Interpreter, owner: Obj, checkfirst: bool, node: ast.AST) -> None:
    columns = [c for arg in owner.args[1:] if (c := column_spec(arg, run.dialect)) is not None]
    constraints = [
        k for arg in owner.args[1:] if (k := constraint_spec(arg, run.dialect)) is not None
    ]
    run.emit(
        st.CreateTable, node, "core", table=table_name(owner), columns=tuple(columns),
        constraints=tuple(constraints), if_not_exists=checkfirst,
    )  # fmt: skip


def _table_of(columns: Sequence[Any]) -> str | None:
    """The table whose columns these are, such as ``users.c.name``."""
    for column in columns:
        if isinstance(column, Obj) and isinstance(column.base, Obj):
            found = table_name(column)
            return None if "{" in found else found
    return None


def _column_name(column: Any) -> str:
    if isinstance(column, Obj) and column.attr and isinstance(column.base, Obj):
        return column.attr
    return names(column)[0]


# --- op.execute(sa.schema.CreateTable(table))


def execute_element(run: Interpreter, value: Obj, node: ast.AST) -> bool:
    """Note what executing a DDL element does; False when it is none, or not one that is understood."""
    found = _ELEMENT.fullmatch(value.last)
    if found is None or not value.args or not value.path.startswith("sqlalchemy"):
        return False
    action, kind = found[1].lower(), found[2]
    target = value.args[0]
    if kind == "Schema":
        cascade = value.kwargs.get("cascade") is True
        given = {"kind": "schema", "name": shown(target), "action": action, "cascade": cascade}
        run.emit(st.SchemaStatement, node, "core", **given)
        return True
    if kind == "Constraint":
        return isinstance(target, Obj) and _constraint(run, target, action, node)
    if isinstance(target, Obj) and (owner := ddl_object(target)) is not None:
        create_or_drop(run, owner, action, {"checkfirst": False}, node)
        return True
    return False


def _constraint(run: Interpreter, target: Obj, action: str, node: ast.AST) -> bool:
    spec, table = constraint_spec(target, run.dialect), _table_of(target.args)
    if spec is None or table is None:
        return False
    if action == "drop":
        run.emit(st.DropConstraint, node, "core", table=table, name=spec.name, kind=spec.kind)
    else:
        run.emit(st.AddConstraint, node, "core", table=table, constraint=spec)
    return True


# --- op.invoke(ops.DropTableOp("t"))

Execute = Callable[[Any, ast.AST], None]


def is_operation_class(path: str) -> bool:
    """Whether this is a class such as ``alembic.operations.ops.AddColumnOp``, or a method of one."""
    return ".ops." in path and path.split(".ops.", 1)[1].split(".")[0].endswith(("Op", "Ops"))


def invoke(run: Interpreter, value: Any, node: ast.AST, execute: Execute) -> bool:
    """Note what ``op.invoke(value)`` does; False when that cannot be told.

    :param execute: notes what executing SQL does.
    """
    if not isinstance(value, Obj) or value.attr:
        return False
    where = _at(value, node)
    if value.last in _CONTAINERS:
        inner = value.kwargs.get("ops", value.args[-1] if value.args else None)
        if not isinstance(inner, (list, tuple)):
            return False
        understood = [invoke(run, item, where, execute) for item in inner]
        return all(understood)
    if value.last == "ExecuteSQLOp":
        execute(value.args[0] if value.args else value.kwargs.get("sqltext"), where)
        return True
    name = _OPERATION.sub("_", value.last.removesuffix("Op")).lower()
    if name not in SIGNATURES:
        return False
    args, kwargs = list(value.args), dict(value.kwargs)
    if name == "create_table":
        columns = kwargs.pop("columns", args[1] if len(args) > 1 else ())
        args = [*args[:1], *(columns if isinstance(columns, (list, tuple)) else ())]
    kwargs = {_MODIFIED.get(key, key): item for key, item in kwargs.items()}
    return operation(run, name, args, kwargs, where)


def _at(value: Obj, node: ast.AST) -> ast.AST:
    """The place where the operation was written, which in a loop over a list is not the call's."""
    if not value.line or value.line == getattr(node, "lineno", 0):
        return node
    where = ast.copy_location(ast.Pass(), node)
    where.lineno = where.end_lineno = value.line
    return where
