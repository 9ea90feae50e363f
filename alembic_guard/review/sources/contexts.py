"""The objects a migration finds: its context, dialect and blocks."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from ...record import replace
from .. import statements as st
from .columns import is_column, unqualified
from .execution import execute
from .records import instance_attribute
from .values import Class, Obj, Unknown, shown

if TYPE_CHECKING:
    from .interpreter import Interpreter

_STACKS = ("ExitStack", "AsyncExitStack")
_NAMED = ("table", "Table", "create_table", "Enum", "ENUM")
"""Calls of which the first argument is the name of what they give."""


class Contexts:
    """Attributes of symbolic objects, and what entering and leaving one means."""

    def attribute(self, run: Interpreter, owner: Obj, name: str, node: ast.AST) -> Any:
        path = owner.path
        if path in ("@connection", "@session", "@context"):
            if name == "dialect":
                return Obj("@dialect")
            if name == "engine":
                run.doubt(node)
                return Obj("@connection", base=owner, attr=name)
            if name in ("bind", "connection", "dbapi_connection", "driver_connection"):
                run.doubt(node)
                return Obj("@connection", kwargs=owner.kwargs, base=owner, attr=name)
            if name == "name":
                return dialect_name(run.dialect)
            if name == "as_sql":
                return False
        if path == "@context" and name == "impl":
            return Obj("@impl")
        if (path, name) in (("@dialect", "name"), ("@impl", "__dialect__")):
            return dialect_name(run.dialect)
        if path == "@impl" and name == "dialect":
            return Obj("@dialect")
        if path == "@dialect" and name == "server_version_info":
            return Unknown("server_version_info")
        if path == "@instance" and owner.args and isinstance(owner.args[0], Class):
            return instance_attribute(run, owner, name, node)
        if path == "@session" and name in ("connection",):
            return Obj("@connection.connection", base=owner, attr=name)
        if name in ("name", "key") and owner.args and isinstance(owner.args[0], str) and (
            is_column(owner) or owner.last in _NAMED
        ):  # fmt: skip
            return (
                owner.kwargs.get("name", owner.args[0])
                if owner.last.lower() == "enum"
                else owner.args[0]
            )
        line = getattr(node, "lineno", 0)
        return Obj(f"{path}.{name}", base=owner, attr=name, line=line)

    def enter(self, run: Interpreter, value: Any, node: ast.AST) -> Any:
        if not isinstance(value, Obj):
            return value if isinstance(value, Unknown) else run.unknown(node)
        if value.path == "@autocommit":
            run.new_transaction()
            run.context = replace(run.context, autocommit=True)
            return None
        if value.path in ("@batch", "@connection", "@session"):
            return value
        if value.path == "@sessionmaker" or (
            isinstance(value.base, Obj) and value.base.path == "@sessionmaker"
        ):
            return Obj("@session")
        if value.last in _STACKS:
            value.args = ([],)
            return Obj("@stack", value.args)
        run.doubt(node)
        return (
            Unknown(run.module.describe(node))
            if value.path != "@transaction"
            else Obj("@connection")
        )

    def leave(self, run: Interpreter, value: Any) -> None:
        if isinstance(value, Obj) and value.path == "@autocommit":
            run.new_transaction()
        elif isinstance(value, Obj) and value.last in _STACKS:
            for inner in reversed(value.args[0]):
                self.leave(run, inner)


def dialect_name(dialect: str) -> str:
    """What ``bind.dialect.name`` is on the reviewed dialect."""
    return dialect


def context_call(name: str) -> Any:
    if name == "get_context":
        return Obj("@context")
    if name == "get_bind":
        return Obj("@connection")
    if name == "is_offline_mode":
        return False
    if name == "get_x_argument":
        return Unknown("context.get_x_argument(...)")
    return Unknown(f"context.{name}(...)")


def migration_context(run: Interpreter, name: str, args: list[Any], node: ast.AST) -> Any:
    if name == "autocommit_block":
        return Obj("@autocommit", line=getattr(node, "lineno", 0))
    if name in ("begin_transaction",):
        return Obj("@transaction")
    if name == "execute":
        execute(run, args[0] if args else None, node, [], via_text=True)
        return None
    return run.unknown(node)


def batch_block(args: list[Any], kwargs: dict[str, Any], node: ast.AST) -> Obj:
    line = getattr(node, "lineno", 0)
    table = shown(args[0] if args else kwargs.get("table_name", "{table}"))
    schema = kwargs.get("schema") or (args[1] if len(args) > 1 else None)
    if schema is not None:
        table = unqualified(f"{shown(schema)}.{table}")
    recreate = kwargs.get("recreate", "auto")
    batch = st.Batch(table, recreate if isinstance(recreate, str) else "auto", kwargs, line)
    return Obj("@batch", [batch], kwargs, line)
