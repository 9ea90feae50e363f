"""The tables Alembic will compare, by their names on both sides, as facts when asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext

from ..renames.model import SchemaFacts, TableFacts, TableKey
from .extraction import DatabaseReader, ModelReader
from .reflection import RenamedInspector


class BothSides:
    """What ``include_schemas``, ``include_name`` and ``include_object`` leave of both sides."""

    def __init__(
        self,
        context: AutogenContext,
        inspector: RenamedInspector,
        schemas: Collection[str | None],
    ) -> None:
        self.context = context
        self.inspector = inspector
        self.schemas = sorted(schemas, key=lambda schema: schema or "")
        migration = context.migration_context
        self._version = (migration.version_table_schema, migration.version_table)
        default = context.dialect.default_schema_name
        self.models: dict[TableKey, sa.Table] = {
            (None if table.schema == default else table.schema, str(table.name)): table
            for table in context.table_key_to_table.values()
            if (table.schema, table.name) != self._version
        }
        self.database = {schema: self._tables_in(schema) for schema in self.schemas}

    def _tables_in(self, schema: str | None) -> list[str]:
        return sorted(
            name
            for name in self.inspector.get_table_names(schema=schema)
            if (schema, name) != self._version
            and self.context.run_name_filters(name, "table", {"schema_name": schema})
        )

    def suspicious(self, *, foreign_keys: bool = False) -> bool:
        """Whether anything both went and came: a table, or something in one table.

        :param foreign_keys: whether their names matter, which Alembic does not compare.
        """
        keys = {(schema, name) for schema, names in self.database.items() for name in names}
        if keys - self.models.keys() and self.models.keys() - keys:
            return True
        return any(
            self._changed_within(schema, names)
            or (foreign_keys and self._keys_differ(schema, names))
            for schema, names in self.database.items()
        )

    def _changed_within(self, schema: str | None, names: list[str]) -> bool:
        """Compare names only: this is all that a run without renames pays for."""
        columns = self._raw("columns", schema, names)
        indexes = self._raw("indexes", schema, names)
        uniques = self._raw("unique_constraints", schema, names)
        reader = ModelReader(self.context.dialect)
        for name in names:
            key = (schema, name)
            table = self.models.get(key)
            if table is None:
                continue
            found = columns.get(key, ())
            if _both_differ({item["name"] for item in found}, {c.name for c in table.columns}):
                return True
            if self._enums_differ(found, table):
                return True
            named = {item["name"] for item in (*indexes.get(key, ()), *uniques.get(key, ()))}
            if _both_differ(named - {None}, reader.compared_names(table)):
                return True
        return False

    def _keys_differ(self, schema: str | None, names: list[str]) -> bool:
        """Most foreign keys have no name in the models; then nothing is read or compared."""
        reader = ModelReader(self.context.dialect)
        wanted = {
            (schema, name): keys
            for name in names
            if (schema, name) in self.models
            and (keys := reader.foreign_key_names(self.models[schema, name]))
        }
        found = self._raw("foreign_keys", schema, names) if wanted else {}
        return any(
            _both_differ({item["name"] for item in found.get(key, ())} - {None}, keys)
            for key, keys in wanted.items()
        )

    def _enums_differ(self, found: Collection[Any], table: sa.Table) -> bool:
        if self.context.dialect.name != "postgresql":
            return False
        enums = [column for column in found if isinstance(column["type"], sa.Enum)]
        types = {column.name: column.type for column in table.columns} if enums else {}
        for column in enums:
            if column["name"] in types:
                type_ = types[column["name"]]
                if isinstance(type_, sa.Enum) and (
                    type_.name != column["type"].name or type_.enums != column["type"].enums
                ):
                    return True
        return False

    def _raw(self, kind: str, schema: str | None, names: list[str]) -> dict[TableKey, Any]:
        try:
            return self.inspector.raw(kind, schema, names, names)
        except NotImplementedError:
            return {}

    def facts(self) -> tuple[SchemaFacts, SchemaFacts]:
        """Both sides as facts."""
        keys = [(schema, name) for schema, names in self.database.items() for name in names]
        before = DatabaseReader(self.inspector, self.context.dialect).tables(keys)
        reader = ModelReader(self.context.dialect)
        after = [
            reader.table(table)
            for key, table in sorted(
                self.models.items(), key=lambda item: (item[0][0] or "", item[0][1])
            )
            if key[0] in self.schemas
        ]
        return SchemaFacts(tuple(self._visible_before(before))), SchemaFacts(
            tuple(self._visible_after(after))
        )

    def gone_columns(self, before: SchemaFacts) -> set[tuple[str | None, str, str]]:
        """Columns the database has and the model of their table has not, as models spell it."""
        return {
            (model.schema, table.name, column.name)
            for table in before.tables
            if (model := self.models.get(table.key)) is not None
            for column in table.columns
            if column.name not in {one.name for one in model.columns}
        }

    def _visible_before(self, tables: list[TableFacts]) -> Iterator[TableFacts]:
        """Without what went and is not to be looked at."""
        for table in tables:
            model = self.models.get(table.key)
            shell = self._shell(table)
            if model is None:
                if not self.context.run_object_filters(shell, table.name, "table", True, None):
                    continue
            elif not self.context.run_object_filters(model, table.name, "table", False, shell):
                continue
            kept = set() if model is None else {column.name for column in model.columns}
            parents: Any = {"table_name": table.name, "schema_name": table.schema}
            yield replace(
                table,
                columns=tuple(
                    column
                    for column in table.columns
                    if self.context.run_name_filters(column.name, "column", dict(parents))
                    and (
                        column.name in kept
                        or self.context.run_object_filters(
                            shell.columns[column.name], column.name, "column", True, None
                        )
                    )
                ),
            )

    def _visible_after(self, tables: list[TableFacts]) -> Iterator[TableFacts]:
        """Without what came and is not to be looked at."""
        known = {(schema, name) for schema, names in self.database.items() for name in names}
        for table in tables:
            model = self.models[table.key]
            by_name = {column.name: column for column in model.columns}
            if table.key not in known:
                if self.context.run_object_filters(model, table.name, "table", False, None):
                    yield table
                continue
            found = self._raw("columns", table.schema, [table.name]).get(table.key, ())
            kept = {column["name"] for column in found}
            yield replace(
                table,
                columns=tuple(
                    column
                    for column in table.columns
                    if column.name in kept
                    or self.context.run_object_filters(
                        by_name[column.name], column.name, "column", False, None
                    )
                ),
            )

    def _shell(self, table: TableFacts) -> sa.Table:
        """A table good enough for ``include_object`` to look at."""
        found = self._raw("columns", table.schema, [table.name]).get(table.key, ())
        columns = [sa.Column(item["name"], item["type"]) for item in found]
        return sa.Table(table.name, sa.MetaData(), *columns, schema=table.schema)


def _both_differ(one: set[Any], other: set[Any]) -> bool:
    return not (one <= other or other <= one)
