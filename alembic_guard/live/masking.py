"""Render masked columns: NULL where they are merely read, an error where NULL would decide.

A column decides in WHERE, ON, ORDER BY and GROUP BY, in a window, in FILTER, and in what orders
an aggregate; also when it comes there through a subquery, a CTE, a union or a label.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Enum
from sqlalchemy.sql import elements, sqltypes, visitors
from sqlalchemy.sql.elements import (
    ClauseElement,
    ColumnClause,
    FunctionFilter,
    Label,
    Over,
    WithinGroup,
)
from sqlalchemy.sql.selectable import (
    CompoundSelect,
    Exists,
    ScalarSelect,
    SelectBase,
    SelectStatementGrouping,
)

from ..errors import MaskedColumn

_DECIDES = "filters, joins, sorts or groups by it"


@dataclass(frozen=True, slots=True)
class Mask:
    """Why a column reads as NULL: it is not in the database yet."""

    table: str
    column: str
    pending: str

    def error(self, use: str) -> MaskedColumn:
        """The error for a use that NULL would answer wrongly."""
        return MaskedColumn(self.table, self.column, use=use, pending=self.pending)


masked_columns: dict[Column[Any], Mask] = {}


def hooks() -> dict[type[Any], Callable[..., str]]:
    """The constructs to compile through us while a column is masked, beside `Column`."""
    wanted: dict[type[Any], Callable[..., str]] = {
        ColumnClause: _compile_derived,
        Label: _compile_label,
        Exists: _compile_exists,  # before what it says something to
        ScalarSelect: _compile_subquery,
        CompoundSelect: _compile_compound,
    }
    return {**wanted, **dict.fromkeys(_deciders(), _compile_decider)}


def mask_of(element: Any) -> Mask | None:
    """The mask of the table's column that `element` is, or comes from; None if it has none."""
    for base in element.base_columns:
        if base in masked_columns:
            return masked_columns[base]
        if base is not element and not isinstance(base, ColumnClause):
            found = mask_in(base)
            if found is not None:
                return found
    return None


def mask_in(*expressions: Any) -> Mask | None:
    """The first mask among the columns of some expressions, each of which may be None."""
    columns = (
        element
        for expression in expressions
        if expression is not None
        for element in visitors.iterate(expression)
        if isinstance(element, ColumnClause)
    )
    return next((mask for mask in map(mask_of, columns) if mask is not None), None)


def refuse_decision(element: Any, kw: dict[str, Any]) -> None:
    """Raise where a column of a subquery decides and comes from a masked one."""
    if not kw.get("within_columns_clause"):
        mask = mask_of(element)
        if mask is not None:
            raise mask.error(_DECIDES)


def compile_masked(element: Column[Any], mask: Mask, compiler: Any, kw: dict[str, Any]) -> str:
    """NULL where the column is merely read; an error where NULL would choose wrong rows."""
    if not kw.get("within_columns_clause"):
        raise mask.error(_DECIDES)
    compiler.visit_column(element, **kw)
    null = _typed_null(element, compiler)
    if kw.get("within_label_clause"):
        return null
    return f"{null} AS {compiler.preparer.quote(element.name)}"


def _typed_null(element: Column[Any], compiler: Any) -> str:
    """PostgreSQL takes an untyped NULL of a subquery for text; enums may not exist yet."""
    kind = element.type
    if compiler.dialect.name != "postgresql" or isinstance(
        kind, (Enum, sqltypes.NullType, sqltypes.ARRAY)
    ):
        return "NULL"
    if not type(kind).__module__.startswith("sqlalchemy."):
        return "NULL"
    return f"CAST(NULL AS {compiler.dialect.type_compiler_instance.process(kind)})"


def _compile_derived(element: ColumnClause[Any], compiler: Any, **kw: Any) -> str:
    """A subquery's column of an expression, such as a label."""
    if element.table is not None:
        refuse_decision(element, kw)
    return str(compiler.visit_column(element, **kw))


def _compile_label(element: Label[Any], compiler: Any, **kw: Any) -> str:
    """ORDER BY names a label of the SELECT list and does not compile what it stands for."""
    if kw.get("render_label_as_label") is element:
        mask = mask_in(element.element)
        if mask is not None:
            raise mask.error(_DECIDES)
    return str(compiler.visit_label(element, **kw))


_DECIDING = ("partition_by", "order_by", "criterion")


def _deciders() -> Iterator[type[Any]]:
    """What stands in a SELECT list and yet chooses or sorts rows."""
    yield from (Over, FunctionFilter, WithinGroup)
    if hasattr(elements, "AggregateOrderBy"):  # SQLAlchemy 2.1
        yield elements.AggregateOrderBy
    postgresql = sys.modules.get("sqlalchemy.dialects.postgresql")
    if postgresql is not None and isinstance(postgresql.aggregate_order_by, type):
        yield postgresql.aggregate_order_by


def _compile_decider(element: Any, compiler: Any, **kw: Any) -> str:
    mask = mask_in(*(getattr(element, name, None) for name in _DECIDING))
    if mask is not None:
        raise mask.error(_DECIDES)
    return _as_ever(element, compiler, kw)


_EXISTS = "alembic_guard_exists"


def _compile_subquery(element: ScalarSelect[Any], compiler: Any, **kw: Any) -> str:
    """What a subquery yields decides where it stands, as in ``x IN (SELECT ...)``."""
    only_exists = kw.pop(_EXISTS, None) is element
    if not (only_exists or kw.get("within_columns_clause")):
        mask = _mask_yielded(element)
        if mask is not None:
            raise mask.error(_DECIDES)
    return _as_ever(element, compiler, kw)


def _compile_exists(element: Exists, compiler: Any, **kw: Any) -> str:
    """Whether there are rows does not depend on what they hold."""
    return _as_ever(element, compiler, {**kw, _EXISTS: element.element})


def _compile_compound(element: CompoundSelect[Any], compiler: Any, **kw: Any) -> str:
    """INTERSECT and EXCEPT choose rows by what they hold; UNION takes all."""
    if "UNION" not in element.keyword.value:
        mask = _mask_yielded(element)
        if mask is not None:
            raise mask.error(_DECIDES)
    return _as_ever(element, compiler, kw)


def _as_ever(element: Any, compiler: Any, kw: dict[str, Any]) -> str:
    return str(getattr(compiler, f"visit_{element.__visit_name__}")(element, **kw))


def refuse_masked_write(statement: Any, compiler: Any) -> None:
    """Raise where an INSERT or UPDATE gives a masked column a value, or stores what it reads as.

    Stored, the NULL would stay when the column is there, and an UPDATE would put it over a value.
    """
    mask = next((mask for value in _stored(statement) if (mask := _mask_yielded(value))), None)
    if mask is not None:
        raise mask.error("stores what is read from it")
    columns = getattr(_written_table(statement), "columns", ())
    masked = {column.key: masked_columns[column] for column in columns if column in masked_columns}
    if not masked:
        return
    written = {_key(name) for name in _written(statement, compiler)}
    for key, mask in masked.items():
        if key in written:
            raise mask.error("writes a value to it")


def _written_table(statement: Any) -> Any:
    """What rows are written to: of a joined-table mapping's tables, the ORM names one at a time."""
    annotations = statement._annotations
    names = ("_emit_insert_table", "_emit_update_table")
    return next((annotations[name] for name in names if name in annotations), statement.table)


def _stored(statement: Any) -> Iterator[Any]:
    """The expressions and the SELECT whose values a statement writes."""
    values = [*(value for _, value in _given(statement)), getattr(statement, "select", None)]
    return (value for value in values if isinstance(value, ClauseElement))


def _mask_yielded(expression: Any) -> Mask | None:
    """The mask of a column whose value an expression yields; what only chooses rows raises itself."""
    if isinstance(expression, ColumnClause):
        return mask_of(expression)
    if isinstance(expression, Exists):
        return None
    if isinstance(expression, CompoundSelect):
        parts: Iterable[Any] = expression.selects
    elif isinstance(expression, SelectBase) and not isinstance(expression, SelectStatementGrouping):
        parts = expression.selected_columns
    else:
        parts = expression.get_children()
    return next((mask for part in parts if (mask := _mask_yielded(part)) is not None), None)


def _written(statement: Any, compiler: Any) -> Iterator[Any]:
    """What is set: parameters of this execution, `values()`, `from_select()`, an upsert's."""
    yield from compiler.column_keys or ()
    yield from getattr(statement, "_select_names", None) or ()
    yield from (name for name, _ in _given(statement) if name is not None)


def _given(statement: Any) -> Iterator[tuple[Any, Any]]:
    """Name and value of all that `values()` and an upsert set; None is for a row without names."""
    yield from _pairs(getattr(statement, "_values", None))
    yield from _pairs(getattr(statement, "_ordered_values", None))
    for rows in getattr(statement, "_multi_values", None) or ():
        for row in rows:
            yield from row.items() if isinstance(row, dict) else ((None, value) for value in row)
    upsert = getattr(statement, "_post_values_clause", None)
    yield from _pairs(getattr(upsert, "update_values_to_set", None))  # ON CONFLICT
    yield from _pairs(getattr(upsert, "update", None))  # ON DUPLICATE KEY


def _pairs(values: Any) -> Iterable[tuple[Any, Any]]:
    """The items of what is a dictionary or, in SQLAlchemy 2.0, a list of pairs."""
    return values.items() if hasattr(values, "items") else values or ()


def _key(name: Any) -> str:
    return name if isinstance(name, str) else str(getattr(name, "key", name))
