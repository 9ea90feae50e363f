"""Calls on what a migration imports: Alembic, SQLAlchemy, and what else matters."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from .. import statements as st
from .builtin import dedent, substituted
from .causes import cause_of
from .constants import constant_text
from .contexts import Contexts, batch_block, context_call, migration_context
from .core_sql import is_core_statement
from .elements import (
    create_or_drop,
    ddl_object,
    invoke,
    is_operation_class,
)
from .execution import execute, executor
from .operations import SIGNATURES, operation
from .records import named_tuple
from .sessions import EXECUTE, PASS, SESSIONS, Sessions, is_query, note_session
from .values import Function, Obj, Partial, Ref, Text, Unknown

if TYPE_CHECKING:
    from .interpreter import Interpreter


_HARMLESS = ("logging.", "builtins.print", "alembic.util.messaging.")

_QUOTES = ("quote", "quote_identifier", "quote_schema", "format_table")


_ACTING = (
    *SESSIONS, "create_all", "drop_all", "create_engine", "engine_from_config",
)  # fmt: skip
"""Of SQLAlchemy, what is no mere value."""

Kind = Literal["value", "operation", "context", "sqlalchemy", "other"]


@cache
def _kind(path: str) -> Kind:
    """Who knows what calling this does; there are many calls, and few paths."""
    if is_operation_class(path):
        return "value"
    if path.startswith(("alembic.op.", "alembic.operations.")):
        return "operation"
    if path.startswith("alembic.context."):
        return "context"
    if path.startswith(("sqlalchemy", "sqlmodel", "geoalchemy2", "pgvector")):
        return "sqlalchemy" if Ref(path).last in _ACTING else "value"
    return "other"


class MigrationCalls(Sessions, Contexts):
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
        match _kind(path):
            case "value":
                return Obj(path, args, kwargs, getattr(node, "lineno", 0))
            case "operation":
                return self._operation(run, function.last, args, kwargs, node)
            case "context":
                run.doubt(node)
                return context_call(function.last)
            case "sqlalchemy":
                return self._sqlalchemy(run, function, args, kwargs, node)
        return self._other(run, function, args, kwargs, node)

    # --- op.*

    def _operation(
        self, run: Interpreter, name: str, args: list[Any], kwargs: dict[str, Any], node: ast.AST
    ) -> Any:
        if not run.in_function:
            run.emit(st.PythonFact, node, "python", kind="top_level_op", what=f"op.{name}")
        if name in SIGNATURES:
            operation(run, name, args, kwargs, node)
            return Obj(f"alembic.op.{name}", args, kwargs, node.lineno)  # type: ignore[attr-defined]  # a call
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
            return batch_block(args, kwargs, node)
        if name == "run_async":
            return (
                run.apply(args[0], [Obj("@connection"), *args[1:]], kwargs, node) if args else None
            )
        if name == "invoke" and invoke(run, args[0] if args else None, node, executor(run)):
            return None
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
            note_session(run, node)
            return Obj("@session", args, kwargs, line)
        if isinstance(owner, Obj):
            handled = self._owner_method(run, owner, name, args, kwargs, node)
            if handled is not PASS:
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
            return self.connection_method(run, owner, name, args, kwargs, node)
        if path == "@batch":
            return self._batch_method(run, owner, name, args, kwargs, node)
        if path == "@context":
            return migration_context(run, name, args, node)
        if path == "@stack" and name in ("enter_context", "enter_async_context") and args:
            owner.args[0].append(args[0])
            return self.enter(run, args[0], node)
        if path == "@transaction":
            if name in ("commit", "rollback") and not owner.kwargs.get("nested"):
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
        if owner.path in ("@query",) or is_query(owner):
            return self.query_method(run, owner, name, args, kwargs, node)
        if name == "execute" and is_core_statement(owner):
            execute(run, owner, node, [])
            return Unknown("rows")
        return PASS

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
        if name in SESSIONS:
            if run.in_function:
                note_session(run, node)
            return Obj(
                "@session" if name in ("Session", "AsyncSession") else "@sessionmaker",
                args,
                kwargs,
                line,
            )
        if name in ("create_all", "drop_all"):
            run.emit(st.PythonFact, node, "python", kind=name, what=run.module.describe(node))
            return None
        return Obj("@connection", line=line)  # of an engine

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
        if path == "importlib.import_module" and args and isinstance(args[0], str):
            return Ref(str(args[0]))
        if path in ("collections.namedtuple", "typing.NamedTuple") and len(args) > 1:
            return named_tuple(args[0], args[1]) or run.unknown(node)
        if path in ("dataclasses.asdict", "dataclasses.astuple") and _is_record(args):
            values = dict(args[0].kwargs)
            return values if path.endswith("asdict") else tuple(values.values())
        if path in ("functools.partial", "partial") and args:
            return Partial(args[0], args[1:], kwargs)
        if function.last in SESSIONS:
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
            value = run.unknown(node, found)
            if function.last not in value.source:  # imported under another name
                value.source = f"{path}()"
            return value
        owner, _, method = path.rpartition(".")
        if owner.endswith(".session") and method in (*EXECUTE, "commit", "rollback", "query"):
            return self.connection_method(run, Obj("@session"), method, args, kwargs, node)
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


def _is_expression(function: Obj, name: str) -> bool:
    """Whether a method only builds SQL: it does something when another one executes it."""
    root = function.root
    builds = isinstance(root, Obj) and root.path.startswith(("sqlalchemy", "alembic.op."))
    return builds and name not in ("create", "drop", "execute")


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


def _is_of_metadata(owner: Obj) -> bool:
    """Whether it is ``metadata.tables["users"]``: what the models say on the day it runs."""
    return owner.path == "@item" and getattr(owner.base, "last", "") == "tables"


def _is_record(args: list[Any]) -> bool:
    return bool(args) and isinstance(args[0], Obj) and args[0].path == "@instance"


def _carries_schema(value: Any) -> bool:
    if isinstance(value, Ref) and value.path == "alembic.op":
        return True
    return isinstance(value, Obj) and value.path in ("@connection", "@batch", "@session")
