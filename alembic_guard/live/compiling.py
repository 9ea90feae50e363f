"""Render overlaid columns and tables: the compile hook, installed only while it is needed.

Changing `Column.name` is not how to rename a live column: the ORM and aliases keep annotated
copies that memoise a name, and subqueries expose it as a label. The hook decides from the
*base* column what a reference is called in SQL and leaves every name in Python as it was,
so that statements built before, during and after an overlay all keep working.
"""

from __future__ import annotations

import contextlib
import copy
import threading
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.ext.compiler import compiles, deregister
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import Insert, Update
from sqlalchemy.sql.elements import ClauseElement, ColumnClause, quoted_name
from sqlalchemy.sql.selectable import Alias, TableSample

from . import masking
from .masking import compile_masked, masked_columns, refuse_decision, refuse_masked_write

renamed_columns: dict[Column[Any], str] = {}
"""Base column -> its name in the database; `Column.name` keeps the model's."""

renamed_tables: dict[Table, str] = {}
"""Base table -> its name in the database; `Table.name` keeps the model's."""

_installed: dict[type[Any], Callable[[], None]] = {}
_install_lock = threading.Lock()


def refresh_hooks() -> None:
    """Install the hooks the active overlays need and remove all others."""
    wanted: dict[type[Any], Callable[..., str]] = {}
    if renamed_columns or masked_columns or renamed_tables:
        wanted = {Column: _compile_column, Insert: _compile_insert, Update: _compile_update}
    if renamed_tables:
        wanted[Table] = _compile_table
    if masked_columns:
        wanted.update(masking.hooks())
    with _install_lock:
        for kind in [kind for kind in _installed if kind not in wanted]:
            _installed.pop(kind)()
        for kind, function in wanted.items():
            if kind not in _installed:
                _installed[kind] = _install(kind, function)


def installed_hooks() -> frozenset[type[Any]]:
    """The SQLAlchemy classes that are compiled through us now: empty without an overlay."""
    return frozenset(_installed)


def _install(kind: type[Any], function: Callable[..., str]) -> Callable[[], None]:
    """Hook `kind`, and return how to undo it without losing somebody else's `@compiles`."""
    theirs = kind.__dict__.get("_compiler_dispatcher")
    previous = theirs.specs.get("default") if theirs is not None else None
    compiles(kind)(function)

    def undo() -> None:
        if theirs is None:
            deregister(kind)
        else:
            theirs.specs["default"] = previous

    return undo


class OverlaidName(str):
    """The model's name of a renamed column or table, marked so that writes render the new one.

    INSERT, UPDATE and ON CONFLICT quote `Column.name` without compiling the column. Copies
    that SQLAlchemy makes of a column lose the mark, so aliases, labels and row keys built
    during an overlay stay valid after it.
    """

    __slots__ = ("database_name", "quote")
    database_name: str
    quote: bool | None

    @classmethod
    def of(cls, original: str, database_name: str) -> OverlaidName:
        """`original`, to be written as `database_name`."""
        marked = cls(original)
        marked.database_name = database_name
        marked.quote = getattr(original, "quote", None)
        return marked


def _is_table(selectable: Any) -> bool:
    """Whether columns of `selectable` carry the table's own column names in SQL."""
    while isinstance(selectable, (Alias, TableSample)):
        selectable = selectable.element
    return isinstance(selectable, Table)


def _compile_column(element: Column[Any], compiler: Any, **kw: Any) -> str:
    if not _is_table(element.table):
        if masked_columns:
            refuse_decision(element, kw)
        return str(compiler.visit_column(element, **kw))
    name: str | None = None
    for base in element.base_columns:
        if base in masked_columns:
            return compile_masked(element, masked_columns[base], compiler, kw)  # type: ignore[index]
        name = renamed_columns.get(base, name)  # type: ignore[call-overload]
    table = element.table
    if isinstance(table, Table) and table in renamed_tables:
        table = _copy_of(table, name=renamed_tables[table])
    if name is None and table is element.table:
        return str(compiler.visit_column(element, **kw))
    renamed = _copy_of(element, name=name or element.name, table=table)
    return str(compiler.visit_column(renamed, **_keyed_as(element, kw)))


def _keyed_as(element: Column[Any], kw: dict[str, Any]) -> dict[str, Any]:
    """Let the result know the column as `element`, under the name the program uses."""
    add = kw.get("add_to_result_map")
    if add is None:
        return kw

    def keyed(keyname: str, name: str, objects: tuple[Any, ...], type_: Any) -> None:
        add(element.name, element.name, (element, element.name, *objects), type_)

    return {**kw, "add_to_result_map": keyed}


def _copy_of(element: Any, **changes: Any) -> Any:
    """A throw-away twin for one rendering; changing `element` would race with other threads."""
    twin = element.__class__.__new__(element.__class__)
    twin.__dict__.update(element.__dict__)
    twin.__dict__.update(changes)
    return twin


def _compile_table(element: Table, compiler: Any, **kw: Any) -> str:
    name = renamed_tables.get(element)
    if name is None:
        return str(compiler.visit_table(element, **kw))
    linter = kw.pop("from_linter", None)
    if linter is not None:
        linter.froms[element] = element.fullname
    return str(compiler.visit_table(_copy_of(element, name=name), **kw))


def _compile_insert(element: Any, compiler: Any, **kw: Any) -> str:
    refuse_masked_write(element, compiler)
    with _writing_renamed(compiler):
        return str(compiler.visit_insert(_with_inserted_names(element), **kw))


def _compile_update(element: Any, compiler: Any, **kw: Any) -> str:
    refuse_masked_write(element, compiler)
    with _writing_renamed(compiler):
        return str(compiler.visit_update(element, **kw))


def _with_inserted_names(statement: Any) -> Any:
    """Mark the columns of ``inserted`` in MySQL's upsert, which quotes their names as they are."""
    upsert: Any = getattr(statement, "_post_values_clause", None)
    inserted = getattr(upsert, "inserted_alias", None)
    if inserted is None:
        return statement

    def marked(element: Any, **_: Any) -> Any:
        if isinstance(element, ColumnClause) and element.table is inserted:
            for base in element.base_columns:
                name = renamed_columns.get(base)  # type: ignore[call-overload]
                if name is not None:
                    return _copy_of(element, name=OverlaidName.of(element.name, name))
        return None

    update = {
        key: visitors.replacement_traverse(value, {}, marked)
        if isinstance(value, ClauseElement)
        else value
        for key, value in upsert.update.items()
    }
    return _copy_of(statement, _post_values_clause=_copy_of(upsert, update=update))


@contextlib.contextmanager
def _writing_renamed(compiler: Any) -> Iterator[None]:
    """Quote marked names as the database's for one statement of this compiler."""
    preparer = compiler.preparer
    twin = copy.copy(preparer)

    def quote(ident: str, force: Any = None) -> str:
        if isinstance(ident, OverlaidName):
            ident = quoted_name(ident.database_name, ident.quote)
        return str(preparer.quote(ident))

    twin.quote = quote
    compiler.preparer = twin
    try:
        yield
    finally:
        compiler.preparer = preparer
