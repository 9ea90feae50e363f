"""The tables and columns of the models that autogenerate compares with the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from sqlalchemy import Column, MetaData, Table

from ..record import plain_record
from .mapping import mappers_of
from .renaming import flat


@plain_record
class Declared:
    """A table or column of the models; `exists` when the database has it already."""

    table: Table
    column: Column[Any] | None
    exists: bool = False
    attribute: str | None = None
    owner: str = ""

    @property
    def name(self) -> str:
        return self.table.name if self.column is None else self.column.name

    @property
    def title(self) -> str:
        """What it is called in messages."""
        return self.table.name if self.column is None else f"{self.table.name}.{self.name}"


def compared_names(
    autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps, schemas: Any
) -> Iterator[Declared]:
    """Every table and column of the models that autogenerate compares."""
    created, added = set(), set()
    for _, operation in flat(upgrade_ops):
        if isinstance(operation, ops.CreateTableOp):
            created.add((operation.schema, operation.table_name))
        elif isinstance(operation, ops.AddColumnOp):
            added.add((operation.schema, operation.table_name, operation.column.name))
    attributes = _attributes(autogen_context)
    for metadata in metadatas_of(autogen_context):
        for table in metadata.tables.values():
            key = (table.schema, table.name)
            is_new = key in created
            if not is_new and not _is_compared(autogen_context, table, schemas):
                continue
            if is_new:
                yield Declared(table, None)
            for column in table.columns:
                is_added = is_new or (*key, column.name) in added
                if is_added or _is_compared(autogen_context, column, schemas):
                    owner, attribute = attributes.get((*key, column.name), ("", None))
                    yield Declared(table, column, not is_added, attribute, owner)


def _is_compared(autogen_context: AutogenContext, item: Any, schemas: Any) -> bool:
    """Whether the filters of env.py leave a table or column in."""
    if isinstance(item, Table):
        if item.schema not in schemas:
            return False
        return autogen_context.run_object_filters(item, item.name, "table", False, None)
    return autogen_context.run_object_filters(item, item.name, "column", False, None)


def _attributes(
    autogen_context: AutogenContext,
) -> dict[tuple[str | None, str, str], tuple[str, str]]:
    """For each mapped column the class and the attribute that map it."""
    found = {}
    for mapper in compared_mappers(autogen_context):
        table = mapper.local_table
        for key, column in mapper.columns.items() if isinstance(table, Table) else ():
            if column.table is table:
                found[table.schema, table.name, column.name] = (mapper.class_.__name__, key)
    return found


def metadatas_of(autogen_context: AutogenContext) -> list[MetaData]:
    given = autogen_context.metadata
    several = given if isinstance(given, (list, tuple)) else [given]
    return [item for item in several if isinstance(item, MetaData)]


def compared_mappers(autogen_context: AutogenContext) -> list[Any]:
    return [mapper for item in metadatas_of(autogen_context) for mapper in mappers_of(item)]
