"""Which operations and statements can surely be rendered as SQL.

Rendering takes most of the time of a recorded function. On a line that reading understood it
only tells whether it fails, so it is left out where it cannot.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic.ddl import base as alter
from alembic.operations import ops
from sqlalchemy import schema

_TYPES = frozenset(
    getattr(sa, name)
    for name in (
        "Integer", "BigInteger", "SmallInteger", "String", "Text", "Unicode", "UnicodeText",
        "Boolean", "DateTime", "Date", "Time", "Float", "Numeric", "LargeBinary", "JSON",
    )
)  # fmt: skip
"""Types of which every dialect, or SQLAlchemy's own rendering, knows a name."""
_TEXT = type(sa.text(""))
_DEFAULTS = frozenset([str, _TEXT, type(sa.func.now()), type(sa.true()), type(sa.false())])


def is_plain(operation: Any) -> bool:
    """Whether an operation does nothing but make DDL that can surely be rendered."""
    kind = type(operation)
    if kind is ops.CreateIndexOp or kind is ops.DropIndexOp:
        given = [operation.index_name]
        if kind is ops.CreateIndexOp:
            given += [operation.table_name, *operation.columns]
        elif operation.table_name is not None:
            given.append(operation.table_name)
        return _are_names(given) and _is_name_or_none(operation.schema) and not operation.kw
    if kind is ops.DropTableOp:
        more = operation.table_kw or operation.comment or operation.info or operation.prefixes
        return _is_name(operation.table_name) and _is_name_or_none(operation.schema) and not more
    if kind is ops.DropColumnOp:
        given = [operation.table_name, operation.column_name]
        return _are_names(given) and _is_name_or_none(operation.schema) and not operation.kw
    return False


def is_renderable(statement: Any) -> bool:
    """Whether a statement can surely be rendered."""
    check = _CHECKS.get(type(statement))
    return check is not None and check(statement)


def _is_name(value: Any) -> bool:
    return isinstance(value, str)


def _is_name_or_none(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _are_names(values: list[Any]) -> bool:
    return all(map(_is_name, values))


def _of_column(column: Any) -> bool:
    default = column.server_default
    return (
        type(column.type) in _TYPES
        and not column.foreign_keys
        and column.computed is None
        and column.identity is None
        and (default is None or type(getattr(default, "arg", None)) in _DEFAULTS)
    )


def _of_table(statement: Any) -> bool:
    table = statement.element
    return all(map(_of_column, table.columns)) and all(
        type(constraint) is schema.PrimaryKeyConstraint
        or (type(constraint) is schema.UniqueConstraint and _is_name_or_none(constraint.name))
        for constraint in table.constraints
    )


def _of_index(statement: Any) -> bool:
    index = statement.element
    return _is_name(index.name) and not index.kwargs and all(
        type(part) is sa.Column for part in index.expressions
    )  # fmt: skip


_CHECKS: dict[type[Any], Callable[[Any], bool]] = {
    str: lambda text: True,
    _TEXT: lambda text: True,
    schema.CreateTable: _of_table,
    schema.CreateIndex: _of_index,
    schema.DropTable: lambda statement: True,
    alter.AddColumn: lambda statement: _of_column(statement.column),
    alter.DropColumn: lambda statement: True,
    alter.ColumnNullable: lambda statement: True,
    alter.ColumnName: lambda statement: True,
    alter.RenameTable: lambda statement: True,
}
