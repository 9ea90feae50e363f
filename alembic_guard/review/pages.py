"""What the HTML report shows of each revision: its tables before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .effects import apply
from .engine import sketch, touched_tables
from .history import History
from .reporters.picture import RevisionPage, Row, TableChange
from .specs import ColumnSpec
from .state import Schema, Table


def revision_pages(
    history: History,
    shown: Iterable[str],
    sql: Mapping[str, tuple[tuple[str, str], ...]] | None = None,
) -> tuple[RevisionPage, ...]:
    """Pages of the revisions whose path is in `shown`, in order of the history."""
    wanted = set(shown)
    schema = Schema()
    pages = []
    for revision in history.order:
        names = touched_tables(revision)
        before = sketch(schema, names)
        for statement in revision.upgrade:
            apply(statement, schema, revision.id or revision.path)
        if revision.path in wanted:
            tables = tuple(_changes(before, sketch(schema, names)))
            title = (revision.message.splitlines() or [revision.id or revision.path])[0]
            pages.append(
                RevisionPage(revision.path, title, tables, (sql or {}).get(revision.path, ()))
            )
    return tuple(pages)


def _changes(before: Schema, after: Schema) -> Iterable[TableChange]:
    names = dict.fromkeys([*(t.name for t in before.tables()), *(t.name for t in after.tables())])
    for name in names:
        old, new = before.table(name), after.table(name)
        left, right = _rows(old, new, "dropped"), _rows(new, old, "added")
        if left != right:
            yield TableChange(name, left, right)


def _rows(table: Table | None, other: Table | None, word: str) -> tuple[Row, ...]:
    """The rows of one side, marked where the other side differs."""
    if table is None:
        return ()
    rows = []
    for column in table.columns.values():
        twin = other.columns.get(column.name) if other is not None else None
        change = word if twin is None else ("changed" if _text(twin) != _text(column) else "")
        rows.append(Row(_text(column), change))
    for name in sorted({*table.indexes, *table.constraints}):
        there = other is not None and (name in other.indexes or name in other.constraints)
        rows.append(Row(f"· {name}", "" if there else word))
    return tuple(rows) or (Row("columns not known"),)


def _text(column: ColumnSpec) -> str:
    kind = f" {column.type}" if column.type is not None else ""
    null = "" if column.nullable else " not null"
    default = f" = {column.default.text}" if column.default is not None else ""
    return f"{column.name}{kind}{null}{default}"
