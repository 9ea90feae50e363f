"""SQLAlchemy Core and ORM statements, such as ``users.update().where(...)``, as data changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from .. import statements as st
from .columns import names, unqualified
from .evaluate import text_of
from .values import Class, Obj, Ref, Unknown, shown

_VERBS: dict[str, Literal["insert", "update", "delete", "select"]] = {
    "insert": "insert",
    "update": "update",
    "delete": "delete",
    "select": "select",
    "exists": "select",
}
_LIMITS = frozenset(["limit", "fetch", "with_for_update_limit"])


def chain(value: Any) -> Iterator[Obj]:
    """A chain of method calls, the last call first."""
    while isinstance(value, Obj):
        yield value
        value = value.base


def is_core_statement(value: Any) -> bool:
    """Whether this is an INSERT, UPDATE, DELETE or SELECT built with SQLAlchemy."""
    return any(_verb(link) is not None for link in chain(value))


def _verb(link: Obj) -> Literal["insert", "update", "delete", "select"] | None:
    if link.attr in _VERBS and link.path != "@attribute":
        return _VERBS[link.attr]
    return _VERBS.get(link.last) if link.path.startswith("sqlalchemy") else None


def dml(value: Obj, origin: st.Origin, extra: list[Any]) -> st.Dml:
    """The statement of a chain; `extra` are the parameters it is executed with."""
    links = list(chain(value))
    start = next(link for link in links if _verb(link) is not None)
    verb = _verb(start) or "select"
    target = start.base if start.attr in _VERBS else (start.args[0] if start.args else None)
    wheres = [
        arg for link in links if link.attr in ("where", "filter", "filter_by") for arg in link.args
    ]
    wheres += [v for link in links if link.attr == "filter_by" for v in link.kwargs.values()]
    limited = any(link.attr in _LIMITS for link in links) or any(_bounded(w) for w in wheres)
    return st.Dml(
        origin,
        verb,
        table_name(target),
        where=bool(wheres),
        condition=" AND ".join(_source(w) for w in wheres),
        limited=limited,
        columns=_columns(links),
        rows=_rows(links, extra) if verb == "insert" else None,
        from_select=any(link.attr == "from_select" for link in links),
        literals=_literals(links, extra),
    )


def _source(value: Any) -> str:
    if isinstance(value, Obj):
        inner = text_of(value)
        if value.last == "true" or (value.last == "literal" and value.args == [True]):
            return "TRUE"
        return inner if isinstance(inner, str) else str(value.kwargs.get("source", value.path))
    return shown(value)


def _bounded(value: Any) -> bool:
    """Whether a condition limits the rows to a batch whose bounds come from outside."""
    if isinstance(value, Unknown):
        return True
    if isinstance(value, Obj):
        if any(link.attr in _LIMITS for link in chain(value)):
            return True
        if value.attr in ("in_", "between", "any_", "bindparams"):
            return True
        inner = text_of(value)
        if isinstance(inner, str):
            return ":" in inner.replace("::", "") or "{" in inner
        parts = [*value.args, *value.kwargs.values()]
        return any(_bounded(part) for part in parts) or (
            value.base is not None and _bounded(value.base)
        )
    return False


def _columns(links: list[Obj]) -> tuple[str, ...]:
    found: list[str] = []
    for link in links:
        if link.attr == "values":
            found.extend(link.kwargs)
            for arg in link.args:
                found.extend(str(shown(key)) for key in arg) if isinstance(arg, dict) else None
    return tuple(found)


def _literals(links: list[Obj], extra: list[Any]) -> tuple[str, ...]:
    """The texts it writes, wherever the module keeps them."""
    written: list[Any] = []
    for link in links:
        if link.attr == "values":
            written += [link.kwargs, *link.args]
    found: list[str] = []
    for part in (*written, *extra):
        for row in part if isinstance(part, list) else (part,):
            if isinstance(row, dict):
                found.extend(str(value) for value in row.values() if isinstance(value, str))
    return tuple(found)


def _rows(links: list[Obj], extra: list[Any]) -> int | None:
    for link in links:
        if link.attr == "values":
            first = link.args[0] if link.args else None
            return len(first) if isinstance(first, (list, tuple)) else 1
    if extra and isinstance(extra[0], (list, tuple)):
        return len(extra[0])
    return 1 if not extra or isinstance(extra[0], dict) else None


def table_name(value: Any) -> str:
    """The table of `sa.table("t", ...)`, a Table, a stub class or a column of one."""
    if isinstance(value, str):
        return unqualified(value)
    if isinstance(value, Class):
        return shown(value.values.get("__tablename__", value.name))
    if isinstance(value, Ref):
        return "{" + value.last + "}"
    for link in chain(value):
        if link.last in ("table", "Table", "create_table") and link.args:
            schema = link.kwargs.get("schema")
            name = shown(link.args[0])
            return unqualified(f"{shown(schema)}.{name}" if schema is not None else name)
        if link.path == "@class" and link.args:
            return table_name(link.args[0])
        if link.attr and isinstance(link.base, Obj) and link.base.path == "@class":
            return table_name(link.base.args[0])
    return shown(value)


__all__ = ["chain", "dml", "is_core_statement", "names", "table_name"]
