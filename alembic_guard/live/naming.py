"""What the database calls the tables and columns of the models, worked out from their history.

A name alone does not tell: after `a` and `b` were swapped both are still there. What does tell is
the moment of the schema's history the models describe: forward from it through the changes made
since, or back from it through the revisions the models already have and the database has not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..facts import SchemaChange

if TYPE_CHECKING:
    from .catalog import Catalog
    from .comparison import History, ModelColumn, ModelTable


def table_name(table: ModelTable, catalog: Catalog, history: History) -> str | None:
    """What the database calls the table now; None if it is not there."""
    history = _about(history, table.schema)
    candidates = [
        _follow_table(_rewind_table(table.name, history.ahead), history.recent),
        table.name,
        _follow_table(table.name, history.changes),
        *table.old_names,
        *(c.old for c in history.pending if c.kind == "rename_table" and c.new == table.name),
    ]
    for name in candidates:
        if name is not None and catalog.columns(table.schema, name) is not None:
            return name
    return None


def column_names(
    table: ModelTable,
    schema: str | None,
    columns: Sequence[str],
    catalog: Catalog,
    history: History,
) -> dict[ModelColumn, str | None]:
    """What the database calls each column of the table; None: it is not there.

    By history first, then by name, then by what may have been before this process looked.

    :param schema: where the table was found, if that is known.
    :param columns: what the database has in it.
    """
    history = _about(history, schema)
    found: dict[ModelColumn, str | None] = {}
    for column in table.columns:
        name = _expected(table.name, column.name, catalog, history)
        found[column] = catalog.find(columns, name) if name is not None else None
    for column in _missing(found):
        _claim(found, column, catalog.find(columns, column.name))
    if any(_missing(found)):
        found = _at_another_moment(table, columns, catalog, history.changes) or found
    own = {catalog.fold(column.name) for column in table.columns}
    for column in _missing(found):
        for hint in _hints(table, column, catalog, history):
            name = catalog.find(columns, hint)
            if name is not None and catalog.fold(name) not in own:
                _claim(found, column, name)
    return found


def _about(history: History, schema: str | None) -> History:
    """Without changes to other schemas; a change that names none may be to any of them."""

    def only(changes: Sequence[SchemaChange]) -> list[SchemaChange]:
        return [change for change in changes if not change.schema or change.schema == schema]

    if schema is None or not any(c.schema for c in (*history.changes, *history.ahead)):
        return history
    return replace(
        history,
        changes=only(history.changes),
        recent=only(history.recent),
        ahead=only(history.ahead),
        pending=only(history.pending),
    )


def _missing(found: dict[ModelColumn, str | None]) -> list[ModelColumn]:
    return [column for column, name in found.items() if name is None]


def _claim(found: dict[ModelColumn, str | None], column: ModelColumn, name: str | None) -> None:
    """Give the database's column to one column of the model only."""
    if found[column] is None and name not in found.values():
        found[column] = name


def _expected(owner: str, name: str, catalog: Catalog, history: History) -> str | None:
    """The name by history; None where a revision still to come adds the column."""
    for change in reversed(history.ahead):
        if change.kind == "rename_table" and change.new == owner:
            owner = change.old or change.table or owner
        elif change.table == owner and catalog.fold(change.new or "") == catalog.fold(name):
            if change.kind == "add_column":
                return None
            if change.kind == "rename_column":
                name = change.old or name
    return _follow_column(owner, name, history.recent, catalog)


def _at_another_moment(
    table: ModelTable,
    columns: Sequence[str],
    catalog: Catalog,
    changes: Sequence[SchemaChange],
) -> dict[ModelColumn, str | None] | None:
    """The newest moment of the ledger at which the models fit whole, for code that is older."""
    steps = [change for change in changes if change.kind in ("rename_column", "rename_table")]
    for start in range(len(steps) - 1, -1, -1):
        found: dict[ModelColumn, str | None] = {}
        for column in table.columns:
            name = _follow_column(table.name, column.name, steps[start:], catalog)
            found[column] = catalog.find(columns, name)
        names = set(found.values())
        if None not in names and len(names) == len(found):
            return found
    return None


def _hints(
    table: ModelTable, column: ModelColumn, catalog: Catalog, history: History
) -> Iterator[str]:
    """Names the column may have, though its neighbours do not bear it out."""
    yield _follow_column(table.name, column.name, history.changes, catalog)
    yield from column.old_names
    for change in history.pending:
        is_ours = change.kind == "rename_column" and change.table == table.name
        if is_ours and change.new == column.name and change.old:
            yield change.old


def _rewind_table(name: str, changes: Sequence[SchemaChange]) -> str:
    """What the table was called before `changes`."""
    for change in reversed(changes):
        if change.kind == "rename_table" and change.new == name:
            name = change.old or change.table or name
    return name


def _follow_table(name: str, changes: Sequence[SchemaChange]) -> str:
    """What the table is called after `changes`."""
    for change in changes:
        if change.kind == "rename_table" and (change.old or change.table) == name:
            name = change.new or name
    return name


def _follow_column(owner: str, name: str, changes: Sequence[SchemaChange], catalog: Catalog) -> str:
    """What a column of the table `owner` is called after `changes`, one after the other."""
    for change in changes:
        if change.kind == "rename_table" and (change.old or change.table) == owner and change.new:
            owner = change.new
        is_ours = change.kind == "rename_column" and change.table == owner and change.new
        if is_ours and catalog.fold(change.old or "") == catalog.fold(name):
            name = change.new or name
    return name
