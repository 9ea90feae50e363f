"""Connections, sessions and queries."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from .. import statements as st
from .core_sql import chain, table_name
from .execution import execute
from .values import Obj, Unknown

if TYPE_CHECKING:
    from .interpreter import Interpreter

EXECUTE = frozenset(
    ["execute", "exec_driver_sql", "scalar", "scalars", "executemany", "exec", "stream"]
)
_VALUES = ("parameters", "params")
"""The keywords of `Connection.execute` and `Session.execute` that bind values."""
SESSIONS = frozenset(
    ["Session", "sessionmaker", "scoped_session", "AsyncSession", "async_sessionmaker"]
)


class Pass:
    """Says that a method is none of those a class of values knows."""


PASS = Pass()


class Sessions:
    """Calls on what is connected to the database."""

    def connection_method(
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
        if name in EXECUTE:
            value = args[0] if args else kwargs.get("statement")
            autocommit = run.context.autocommit or bool(owner.kwargs.get("autocommit"))
            values = [*args[1:], *(kwargs[key] for key in _VALUES if key in kwargs)]
            with run.circumstances(autocommit=autocommit):
                execute(run, value, node, values, via_text=False, session=session)
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

    def query_method(
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
            called = {link.attr for link in chain(owner)}
            where = bool(called & {"filter", "filter_by", "where"})
            root = owner.root
            run.emit(
                st.Dml, node, "orm", verb=name, where=where,
                table=table_name(root.args[0]) if root.args else "{query}",
                limited="limit" in called,
            )  # fmt: skip
            return Unknown("count", "database")
        if name in ("all", "first", "one", "scalar", "count", "one_or_none", "get", "yield_per"):
            return Unknown(run.module.describe(node), "database")
        return PASS


def note_session(run: Interpreter, node: ast.AST) -> None:
    run.doubt(node)
    run.emit(st.PythonFact, node, "python", kind="orm_session", what=run.module.describe(node))


def is_query(value: Obj) -> bool:
    root = value.root
    return isinstance(root, Obj) and root.path == "@query"
