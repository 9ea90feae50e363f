"""The models in the terms of `comparison`, and differences back into overlays."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, FetchedValue, Table

from ..ledger.tables import PASSING_COLUMN
from ..renames.annotations import read_annotation
from .comparison import Difference, ModelColumn, ModelTable
from .masking import Mask
from .overlay import ADDED, OverlayPlan
from .targets import Targets


def model_tables(targets: Targets, names: Collection[str] | None = None) -> dict[ModelTable, Table]:
    """The tables of the models, as they are now: all, or those of these names."""
    tables = targets.tables()
    if names is not None:
        tables = [table for table in tables if table.name in names]
    protected = targets.protected_columns()
    found: dict[ModelTable, Table] = {}
    for table in tables:
        columns = tuple(
            ModelColumn(
                str(column.name),
                protected.get(column),
                _old_names(column.info),
                is_added=ADDED in column.info,
            )
            for column in table.columns
            if not column.system
        )
        model = ModelTable(table.schema, str(table.name), columns, _old_names(table.info))
        while model in found:  # two bases describe the same table
            model = replace(model, copy=model.copy + 1)
        found[model] = table
    return found


def _old_names(info: dict[Any, Any]) -> tuple[str, ...]:
    if not info:
        return ()
    annotation = read_annotation(info)
    return annotation.names if annotation is not None else ()


def plan_overlay(
    differences: Iterable[Difference],
    tables: dict[ModelTable, Table],
    new_columns: dict[tuple[str | None, str], tuple[Column[Any], ...]],
) -> OverlayPlan:
    """The overlay that bridges what can be bridged."""
    renames: dict[Column[Any], str] = {}
    renamed_tables: dict[Table, str] = {}
    masks: dict[Column[Any], Mask] = {}
    additions: dict[Table, tuple[Column[Any], ...]] = {}
    for difference in differences:
        table = tables[difference.table]
        if difference.kind == "renamed_table" and difference.database_name:
            renamed_tables[table] = difference.database_name
        elif difference.kind == "renamed_column" and difference.database_name:
            renames[_column(table, difference)] = difference.database_name
        elif difference.bridge == "mask":
            column = _column(table, difference)
            masks[column] = Mask(difference.table.label, str(column.name), difference.why or "gone")
        elif difference.bridge == "add":
            columns = new_columns.get((table.schema, str(table.name)), ())
            additions[table] = tuple(columns)
    return OverlayPlan(renames, renamed_tables, masks, additions)


def _column(table: Table, difference: Difference) -> Column[Any]:
    return next(column for column in table.columns if str(column.name) == difference.column)


def read_new_columns(
    connection: sa.Connection, differences: Iterable[Difference], renamed: dict[ModelTable, str]
) -> dict[tuple[str | None, str], tuple[Column[Any], ...]]:
    """The definitions of columns only the database has; looks at those tables alone.

    A column that an upgrade keeps beside a renamed one for a while is none to get used to.
    """
    wanted: dict[ModelTable, set[str]] = {}
    for difference in differences:
        if difference.bridge == "add" and difference.database_name:
            wanted.setdefault(difference.table, set()).add(difference.database_name)
    if not wanted:
        return {}
    inspector = sa.inspect(connection)
    found = {}
    for table, names in wanted.items():
        name = renamed.get(table, table.name)
        found[table.schema, table.name] = tuple(
            Column(column["name"], column["type"], nullable=column["nullable"],
                   server_default=FetchedValue())
            for column in inspector.get_columns(name, schema=table.schema)
            if column["name"] in names
            and not (column.get("comment") or "").startswith(PASSING_COLUMN)
        )  # fmt: skip
    return found
