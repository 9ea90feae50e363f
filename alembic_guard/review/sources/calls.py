"""Calls on what a migration imports: Alembic, SQLAlchemy, and what else matters."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from ...record import replace
from .. import statements as st
from .builtin import dedent, format_percent, substituted
from .causes import cause_of
from .columns import condition, is_column, unqualified
from .constants import constant_text
from .core_sql import dml, is_core_statement, table_name
from .elements import (
    Execute,
    create_or_drop,
    ddl_object,
    execute_element,
    invoke,
    is_operation_class,
)
from .evaluate import text_of
from .operations import SIGNATURES, operation
from .sql.parse import parse_sql
from .values import Class, Function, Method, Obj, Partial, Ref, Text, Unknown, is_unknown, shown

if TYPE_CHECKING:
    from .interpreter import Interpreter

_EXECUTE = frozenset(
    ["execute", "exec_driver_sql", "scalar", "scalars", "executemany", "exec", "stream"]
)
_SESSIONS = frozenset(
    ["Session", "sessionmaker", "scoped_session", "AsyncSession", "async_sessionmaker"]
)


_QUOTES = ("quote", "quote_identifier", "quote_schema", "format_table")
_STACKS = ("ExitStack", "AsyncExitStack")
_HARMLESS = ("logging.", "builtins.print", "alembic.util.messaging.")


class MigrationCalls:
    """The `interpreter.Calls` of real migrations."""

    def call(
        self,
        run: Interpreter,
        function: Any,
        args: list[Any],
        kwargs: dict[str, Any],
        node: ast.AST,
    ) -> Any:
        if isinstance(function, Obj):
            if function.path == "@each":
                return _call_each(run, function, args, kwargs, node)
            return self._method(run, function, args, kwargs, node)
        path: str = function.path
        if is_operation_class(path):
            return Obj(path, args, kwargs, getattr(node, "lineno", 0))
        if path.startswith(("alembic.op.", "alembic.operations.")):
            return self._operation(run, function.last, args, kwargs, node)
        if path.startswith("alembic.context."):
            run.doubt(node)
            return _context_call(function.last)
        if path.startswith(("sqlalchemy", "sqlmodel", "geoalchemy2", "pgvector")):
            return self._sqlalchemy(run, function, args, kwargs, node)
        return self._other(run, function, args, kwargs, node)

    # --- op.*

    def _operation(
        self, run: Interpreter, name: str, args: list[Any], kwargs: dict[str, Any], node: ast.AST
    ) -> Any:
        if not run.in_function:
            run.emit(st.PythonFact, node, "python", kind="top_level_op", what=f"op.{name}")
        if name == "f":
            return args[0] if args else Unknown("op.f()")
        if name == "inline_literal":
            return args[0] if args else None
        if name in ("get_bind", "run_async", "invoke"):
            run.doubt(node)
        if name == "get_bind":
            return Obj("@connection", kwargs={"migrating": True}, line=node.lineno)  # type: ignore[attr-defined]  # a call
        if name == "get_context":
            return Obj("@context")
        if name == "execute":
            execute(run, args[0] if args else kwargs.get("sqltext"), node, args[1:], via_text=True)
            return None
        if name == "batch_alter_table":
            return _batch(args, kwargs, node)
        if name == "run_async":
            return (
                run.apply(args[0], [Obj("@connection"), *args[1:]], kwargs, node) if args else None
            )
        if name == "invoke" and invoke(run, args[0] if args else None, node, _executor(run)):
            return None
        if name in SIGNATURES:
            operation(run, name, args, kwargs, node)
            return Obj(f"alembic.op.{name}", args, kwargs, node.lineno)  # type: ignore[attr-defined]  # a call
        text = run.module.describe(node)
        run.emit(st.Opaque, node, what=text, reason=f"op.{name} is not an operation of Alembic")
        return None

    # --- methods of symbolic objects

    def _method(
        self,
        run: Interpreter,
        function: Obj,
        args: list[Any],
        kwargs: dict[str, Any],
        node: ast.AST,
    ) -> Any:
        owner, name = function.base, function.attr
        if isinstance(owner, Obj) and owner.attr == "identifier_preparer" and name in _QUOTES:
            return args[0] if args and isinstance(args[0], str) else run.unknown(node)
        if isinstance(owner, Obj) and owner.path == "string.Template" and owner.args:
            return substituted(owner.args[0], args, kwargs)
        line = getattr(node, "lineno", 0)
        if function.path == "@sessionmaker":
            _note_session(run, node)
            return Obj("@session", args, kwargs, line)
        if isinstance(owner, Obj):
            handled = self._owner_method(run, owner, name, args, kwargs, node)
            if handled is not _PASS:
                return handled
            if not _is_expression(function, name):
                run.doubt(node)
        return Obj(function.path, args, kwargs, line, base=owner, attr=name)

    def _owner_method(
        self,
        run: Interpreter,
        owner: Obj,
        name: str,
        args: list[Any],
        kwargs: dict[str, Any],
        node: ast.AST,
    ) -> Any:
        path = owner.path
        if path in ("@connection", "@session"):
            return self._connection(run, owner, name, args, kwargs, node)
        if path == "@batch":
            return self._batch_method(run, owner, name, args, kwargs, node)
        if path == "@context":
            return _migration_context(run, name, args, node)
        if path == "@stack" and name in ("enter_context", "enter_async_context") and args:
            owner.args[0].append(args[0])
            return self.enter(run, args[0], node)
        if path == "@transaction":
            if name in ("commit", "rollback"):
                run.emit(
                    st.PythonFact, node, "python", kind="commit", what=run.module.describe(node)
                )
            return None
        if name in ("create", "drop") and _is_of_metadata(owner):
            what = run.module.describe(node)
            run.emit(st.PythonFact, node, "python", kind=f"table_{name}", what=what)
            return None
        if name in ("create", "drop") and (found := ddl_object(owner)) is not None:
            return create_or_drop(run, found, name, kwargs, node)
        if name in ("create_all", "drop_all"):
            run.emit(st.PythonFact, node, "python", kind=name, what=run.module.describe(node))
            return None
        if owner.path in ("@query",) or _is_query(owner):
            return self._query(run, owner, name, args, kwargs, node)
        if name == "execute" and is_core_statement(owner):
            execute(run, owner, node, [])
            return Unknown("rows")
        return _PASS

    def _connection(
        self,
        run: Interpreter,
        owner: Obj,
        name: str,
        args: list[Any],
        kwargs: dict[str, Any],
        node: ast.AST,
    ) -> Any:
        session = owner.path == "@session"
        what = run.module.describe(node)
        if name in _EXECUTE:
            value = args[0] if args else kwargs.get("statement")
            autocommit = run.context.autocommit or bool(owner.kwargs.get("autocommit"))
            with run.circumstances(autocommit=autocommit):
                execute(run, value, node, args[1:], via_text=False, session=session)
            return Unknown(what, "database")
        if name == "execution_options":
            level = kwargs.get("isolation_level")
            auto = owner.kwargs.get("autocommit") or level == "AUTOCOMMIT"
            if owner.kwargs.get("migrating"):  # refused: it is in Alembic's transaction already
                return owner
            return Obj(owner.path, kwargs={"autocommit": auto})
        if name in ("begin", "begin_nested"):
            return Obj("@transaction", base=None, kwargs={"nested": name == "begin_nested"})
        if name in ("connect", "connection", "get_bind", "engine", "__enter__", "cursor"):
            apart = name in ("connect", "engine")
            return Obj("@connection", kwargs={} if apart else owner.kwargs)
        if name in ("commit", "rollback"):
            run.emit(st.PythonFact, node, "python", kind="commit", what=what)
            run.new_transaction()
            return None
        if session and name in ("query", "get"):
            run.emit(st.PythonFact, node, "python", kind="orm_query", what=what)
            return Obj("@query", args, kwargs, node.lineno)  # type: ignore[attr-defined]  # a call
        if session and name in ("add", "add_all", "bulk_save_objects", "bulk_insert_mappings", "merge",
                                "bulk_update_mappings", "delete"):  # fmt: skip
            run.emit(st.PythonFact, node, "python", kind="orm_add", what=what)
            return None
        if name == "run_sync" and args:
            return run.apply(args[0], [Obj("@connection"), *args[1:]], kwargs, node)
        return Unknown(what, "database")

    def _query(
        self,
        run: Interpreter,
        owner: Obj,
        name: str,
        args: list[Any],
        kwargs: dict[str, Any],
        node: ast.AST,
    ) -> Any:
        if name in ("update", "delete"):
            run.emit(
                st.PythonFact, node, "python", kind="orm_query", what=run.module.describe(node)
            )
            where = any(link in ("filter", "filter_by", "where") for link in _attrs(owner))
            root = owner.root
            run.emit(
                st.Dml, node, "orm", verb=name, where=where,
                table=table_name(root.args[0]) if root.args else "{query}",
                limited="limit" in _attrs(owner),
            )  # fmt: skip
            return Unknown("count", "database")
        if name in ("all", "first", "one", "scalar", "count", "one_or_none", "get", "yield_per"):
            return Unknown(run.module.describe(node), "database")
        return _PASS

    def _batch_method(
        self,
        run: Interpreter,
        owner: Obj,
        name: str,
        args: list[Any],
        kwargs: dict[str, Any],
        node: ast.AST,
    ) -> Any:
        if name in ("f",):
            return args[0] if args else None
        if name == "execute":
            execute(run, args[0] if args else None, node, [], via_text=True)
            return None
        if name in ("get_bind", "get_context"):
            return Obj("@connection" if name == "get_bind" else "@context")
        with run.circumstances(batch=owner.args[0]):
            if name not in SIGNATURES or not operation(run, name, args, kwargs, node):
                text = run.module.describe(node)
                run.emit(st.Opaque, node, what=text, reason="not a batch operation of Alembic")
        return None

    # --- sqlalchemy.*

    def _sqlalchemy(
        self,
        run: Interpreter,
        function: Ref,
        args: list[Any],
        kwargs: dict[str, Any],
        node: ast.AST,
    ) -> Any:
        line = getattr(node, "lineno", 0)
        name = function.last
        if name in _SESSIONS:
            if run.in_function:
                _note_session(run, node)
            return Obj(
                "@session" if name in ("Session", "AsyncSession") else "@sessionmaker",
                args,
                kwargs,
                line,
            )
        if name in ("create_engine", "engine_from_config"):
            return Obj("@connection", line=line)
        return Obj(function.path, args, kwargs, line)

    # --- anything else

    def _other(
        self,
        run: Interpreter,
        function: Ref,
        args: list[Any],
        kwargs: dict[str, Any],
        node: ast.AST,
    ) -> Any:
        path = function.path
        if path in ("textwrap.dedent", "inspect.cleandoc"):
            return dedent(args[0]) if args else run.unknown(node)
        if path in ("functools.partial", "partial") and args:
            return Partial(args[0], args[1:], kwargs)
        if function.last in _SESSIONS:
            run.emit(
                st.PythonFact, node, "python", kind="orm_session", what=run.module.describe(node)
            )
            return Obj("@session", args, kwargs)
        if (text := constant_text(path, args, kwargs)) is not None:
            return Text(text)
        if (found := cause_of(path, args)) is not None:
            if any(isinstance(arg, Unknown) and arg.cause == found for arg in args):
                return run.unknown(node, found)
            run.emit(st.PythonFact, node, "python", kind=found, what=run.module.describe(node))
            return run.unknown(node, found)
        owner, _, method = path.rpartition(".")
        if owner.endswith(".session") and method in (*_EXECUTE, "commit", "rollback", "query"):
            return self._connection(run, Obj("@session"), method, args, kwargs, node)
        if path == "builtins.eval" and args and isinstance(args[0], str):
            return functions_called(run, args[0]) or run.unknown(node)
        if function.last in ("create_all", "drop_all"):
            run.emit(
                st.PythonFact, node, "python", kind=function.last, what=run.module.describe(node)
            )
            return None
        if path.endswith((".__table__.create", ".__table__.drop")):
            kind = "table_create" if path.endswith("create") else "table_drop"
            run.emit(st.PythonFact, node, "python", kind=kind, what=run.module.describe(node))
            return None
        helper = run.helper(path)
        if helper is not None:
            return run.apply(helper, args, kwargs, node)
        if any(_carries_schema(value) for value in (*args, *kwargs.values())):
            text = run.module.describe(node)
            run.emit(st.Opaque, node, what=text, reason=f"{path} was not found in the repository")
        if not path.startswith(_HARMLESS):
            run.doubt(node)
        return Obj(path, args, kwargs, getattr(node, "lineno", 0))

    # --- attributes and with blocks

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
            return _instance_attribute(owner, name)
        if path == "@session" and name in ("connection",):
            return Obj("@connection.connection", base=owner, attr=name)
        if name in ("name", "key") and owner.args and isinstance(owner.args[0], str) and (
            is_column(owner) or owner.last in ("table", "Table", "Enum", "ENUM")
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


def _is_expression(function: Obj, name: str) -> bool:
    """Whether a method only builds SQL: it does something when another one executes it."""
    root = function.root
    builds = isinstance(root, Obj) and root.path.startswith(("sqlalchemy", "alembic.op."))
    return builds and name not in ("create", "drop", "execute")


def _note_session(run: Interpreter, node: ast.AST) -> None:
    run.doubt(node)
    run.emit(st.PythonFact, node, "python", kind="orm_session", what=run.module.describe(node))


def functions_called(run: Interpreter, name: str) -> Obj | None:
    """What ``globals()[f"upgrade_{engine_name}"]`` may be: the functions whose names fit.

    Alembic's template for several databases finds its functions so.
    """
    parts = [re.escape(part) for part in re.split(r"\{[^{}]*\}", name)]
    pattern = re.compile(r"\w+".join(parts))
    fits = [
        value
        for known, value in run.globals.items()
        if isinstance(value, Function) and pattern.fullmatch(known)
    ]
    return Obj("@each", fits) if fits and any(parts) else None


def _call_each(
    run: Interpreter, several: Obj, args: list[Any], kwargs: dict[str, Any], node: ast.AST
) -> Any:
    """Walk each function that may be meant; each database has a transaction of its own."""
    value: Any = None
    for function in several.args:
        run.new_transaction()
        value = run.apply(function, args, kwargs, node)
    return value if len(several.args) == 1 else run.unknown(node)


class _Pass:
    pass


_PASS = _Pass()


def dialect_name(dialect: str) -> str:
    """What ``bind.dialect.name`` is on the reviewed dialect."""
    return dialect


def _context_call(name: str) -> Any:
    if name == "get_context":
        return Obj("@context")
    if name == "get_bind":
        return Obj("@connection")
    if name == "is_offline_mode":
        return False
    if name == "get_x_argument":
        return Unknown("context.get_x_argument(...)")
    return Unknown(f"context.{name}(...)")


def _migration_context(run: Interpreter, name: str, args: list[Any], node: ast.AST) -> Any:
    if name == "autocommit_block":
        return Obj("@autocommit", line=getattr(node, "lineno", 0))
    if name in ("begin_transaction",):
        return Obj("@transaction")
    if name == "execute":
        execute(run, args[0] if args else None, node, [], via_text=True)
        return None
    return run.unknown(node)


def _batch(args: list[Any], kwargs: dict[str, Any], node: ast.AST) -> Obj:
    line = getattr(node, "lineno", 0)
    table = shown(args[0] if args else kwargs.get("table_name", "{table}"))
    schema = kwargs.get("schema") or (args[1] if len(args) > 1 else None)
    if schema is not None:
        table = unqualified(f"{shown(schema)}.{table}")
    recreate = kwargs.get("recreate", "auto")
    batch = st.Batch(table, recreate if isinstance(recreate, str) else "auto", kwargs, line)
    return Obj("@batch", [batch], kwargs, line)


def _attrs(value: Any) -> list[str]:
    found = []
    while isinstance(value, Obj):
        found.append(value.attr)
        value = value.base
    return found


def _is_query(value: Obj) -> bool:
    root = value.root
    return isinstance(root, Obj) and root.path == "@query"


def _instance_attribute(owner: Obj, name: str) -> Any:
    value = _inherited(owner.args[0], name)
    if isinstance(value, Function):
        return Function(value.node, value.scope, value.module, bound=owner)
    if name in owner.kwargs:
        return owner.kwargs[name]
    return value if value is not None else Unknown(name)


def _inherited(cls: Class, name: str) -> Any:
    """An attribute of the class or of the classes it inherits from, as far as they are here."""
    if name in cls.values:
        return cls.values[name]
    found = (_inherited(base, name) for base in cls.bases if isinstance(base, Class))
    return next((value for value in found if value is not None), None)


def _is_of_metadata(owner: Obj) -> bool:
    """Whether it is ``metadata.tables["users"]``: what the models say on the day it runs."""
    return owner.path == "@item" and getattr(owner.base, "last", "") == "tables"


def _carries_schema(value: Any) -> bool:
    if isinstance(value, Ref) and value.path == "alembic.op":
        return True
    return isinstance(value, Obj) and value.path in ("@connection", "@batch", "@session")


def execute(
    run: Interpreter,
    value: Any,
    node: ast.AST,
    extra: list[Any],
    *,
    via_text: bool = False,
    session: bool = False,
) -> None:
    """Note what executing `value` does: SQL text, a Core statement, or something opaque."""
    if isinstance(value, Obj):
        if is_core_statement(value):
            run.statements.append(
                dml(value, run.origin(node, via="core", text=run.module.describe(node)), extra)
            )
            return
        if (found := _sql_text(value)) is not None:
            via_text = (
                not {"bindparams", "params"} & set(_attrs(value))
                and getattr(value.root, "last", "") == "text"
            )
            value = found
        elif execute_element(run, value, node):
            return
    if isinstance(value, str):
        if via_text and not extra:
            _note_unbound(run, value, node)
        _execute_text(run, value, node)
        return
    if isinstance(value, (list, tuple)) and value:
        for item in value:
            execute(run, item, node, extra, via_text=via_text)
        return
    cause = value.cause if isinstance(value, Unknown) else ""
    run.emit(
        st.Opaque,
        node,
        "sql",
        what=run.module.describe(node),
        reason=cause or "the SQL is not known",
    )


def _executor(run: Interpreter) -> Execute:
    def note(value: Any, node: ast.AST) -> None:
        execute(run, value, node, [], via_text=True)

    return note


_BIND = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
"""What `sa.text` takes for a parameter, inside string literals and comments too."""


def _note_unbound(run: Interpreter, sql: str, node: ast.AST) -> None:
    """Names that `sa.text` reads as parameters and nobody gives a value."""
    for match in _BIND.finditer(sql):
        origin = run.origin(node, via="sql", text=match[0], line=_line(sql, match.start(), node))
        run.statements.append(st.PythonFact(origin, "unbound", match[0]))
        return


def _sql_text(value: Obj) -> Any:
    """The SQL of `sa.text("...").bindparams(...)` and `sa.DDL("...")`."""
    root = value.root
    if isinstance(root, Obj):
        found = text_of(root)
        if isinstance(found, str) and root.last == "DDL":
            return format_percent(found, root.kwargs.get("context") or {})
        if isinstance(found, str):
            return found
        if isinstance(found, Unknown):
            return found
    return None


def _line(sql: str, offset: int, node: ast.AST) -> int | None:
    """The line of a part of SQL text; None for the call's own.

    A template of one line that stands elsewhere is completed, often several times, by calls:
    only these say what is executed.
    """
    if not isinstance(sql, Text):
        return None
    line = sql.line_of(offset)
    first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", None) or 0
    if sql.template and not sql.spans_lines and not first <= (line or 0) <= last:
        return None
    return line


def _execute_text(run: Interpreter, sql: str, node: ast.AST) -> None:
    def make(start: int, end: int) -> st.Origin:
        return run.origin(node, via="sql", text=sql[start:end], line=_line(sql, start, node))

    if not sql.strip():
        return
    run.statements.extend(parse_sql(sql, make, dialect=run.dialect))


__all__ = ["Method", "MigrationCalls", "condition", "execute", "is_unknown"]
