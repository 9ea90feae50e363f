"""Which columns the database has, asked in one query; reflection is five times slower."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

TableKey = tuple["str | None", str]

_QUERIES = {
    "postgresql": """
        SELECT n.nspname, c.relname, a.attname,
          n.nspname = ANY(current_schemas(false)) AND pg_table_is_visible(c.oid)
        FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
          AND n.nspname = ANY(current_schemas(false) || CAST(:schemas AS name[])) {only}
        ORDER BY c.oid, a.attnum""",
    "mysql": """
        SELECT table_schema, table_name, column_name FROM information_schema.columns
        WHERE table_schema = :schema {only} ORDER BY table_name, ordinal_position""",
    "sqlite": """
        SELECT m.name, c.name FROM {quoted}.sqlite_master m
        JOIN pragma_table_xinfo(m.name, :schema) c
        WHERE m.type IN ('table', 'view') {only} ORDER BY m.name, c.cid""",
}


class Catalog:
    """The columns of some schemas, as the database spells them."""

    def __init__(
        self,
        tables: Mapping[TableKey, tuple[str, ...]],
        *,
        ignores_case: bool = False,
        homes: Mapping[str, str] | None = None,
    ) -> None:
        self.ignores_case = ignores_case
        self._homes = homes or {}
        self._tables = {self._fold_key(key): columns for key, columns in tables.items()}

    def columns(self, schema: str | None, table: str) -> tuple[str, ...] | None:
        """The table's columns in order, or None when there is no such table."""
        return self._tables.get(self._fold_key((schema, table)))

    def home(self, table: str | None) -> str | None:
        """The schema in which a table without a schema was found, where that is known."""
        return self._homes.get(table or "")

    def find(self, columns: Iterable[str], name: str) -> str | None:
        """How the database spells `name` among `columns`, or None."""
        folded = self.fold(name)
        return next((column for column in columns if self.fold(column) == folded), None)

    def fold(self, name: str) -> str:
        """`name` for comparisons: SQLite and MySQL ignore the case of columns."""
        return name.casefold() if self.ignores_case else str(name)

    def _fold_key(self, key: TableKey) -> TableKey:
        return (key[0], self.fold(key[1]))


_ONLY = {
    "postgresql": "AND c.relname IN :names",
    "mysql": "AND table_name IN :names",
    "sqlite": "AND lower(m.name) IN :names",
}


def read_catalog(
    connection: sa.Connection,
    schemas: Iterable[str | None] = (None,),
    names: Collection[str] | None = None,
) -> Catalog:
    """Read the column names of tables and views; schema None is the default one.

    :param names: look at these tables only.
    """
    wanted = list(dict.fromkeys([*schemas])) or [None]
    if names is not None and not names:
        return Catalog({})
    dialect = "mysql" if connection.dialect.name == "mariadb" else connection.dialect.name
    reader = _READERS.get(dialect, _inspected)
    ignores_case = dialect in ("sqlite", "mysql", "mssql")
    tables, homes = reader(connection, wanted, names)
    return Catalog(tables, ignores_case=ignores_case, homes=homes)


def _query(dialect: str, names: Collection[str] | None, quoted: str = "") -> sa.TextClause:
    only = _ONLY[dialect] if names is not None else ""
    query = sa.text(_QUERIES[dialect].format(only=only, quoted=quoted))
    if names is None:
        return query
    listed = [name.lower() for name in names] if dialect == "sqlite" else list(names)
    return query.bindparams(sa.bindparam("names", listed, sa.String, expanding=True))


def _collected(rows: Iterable[tuple[str | None, str, str]]) -> dict[TableKey, tuple[str, ...]]:
    tables: dict[TableKey, list[str]] = {}
    for schema, table, column in rows:
        tables.setdefault((schema, table), []).append(column)
    return {key: tuple(columns) for key, columns in tables.items()}


Tables = dict[TableKey, tuple[str, ...]]
Found = tuple[Tables, dict[str, str]]
"""The columns of tables, and the schemas of tables that were asked for without one."""


def _postgresql(
    connection: sa.Connection, schemas: list[str | None], names: Collection[str] | None
) -> Found:
    """A table without a schema is the first one on the search path."""
    named = [schema for schema in schemas if schema is not None]
    listed: sa.BindParameter[Any] = sa.bindparam("schemas", named, type_=sa.ARRAY(sa.Text()))
    rows = connection.execute(_query("postgresql", names).bindparams(listed)).all()
    tables = _collected((schema, table, column) for schema, table, column, _ in rows)
    tables = {key: columns for key, columns in tables.items() if key[0] in named}
    if None not in schemas:
        return tables, {}
    first = [row for row in rows if row[3]]
    tables.update(_collected((None, table, column) for _, table, column, _ in first))
    return tables, {table: schema for schema, table, _, _ in first}


def _mysql(
    connection: sa.Connection, schemas: list[str | None], names: Collection[str] | None
) -> Found:
    default = connection.exec_driver_sql("SELECT DATABASE()").scalar()
    query = _query("mysql", names)
    # with an IN of several schemas, MariaDB scans every database of the server
    rows = [
        row
        for schema in dict.fromkeys(schema or default for schema in schemas)
        for row in connection.execute(query, {"schema": schema})
    ]
    tables = _by_schema(rows, schemas, default)
    return tables, {table: default for schema, table in tables if schema is None and default}


def _by_schema(rows: Sequence[Any], schemas: list[str | None], default: str | None) -> Tables:
    """Rows of (schema, table, column) under the schemas as the models name them."""
    keys: dict[str | None, list[str | None]] = {}
    for schema in schemas:
        keys.setdefault(schema or default, []).append(schema)
    return _collected(
        (schema, table, column) for found, table, column in rows for schema in keys.get(found, ())
    )


def _sqlite(
    connection: sa.Connection, schemas: list[str | None], names: Collection[str] | None
) -> Found:
    quote = connection.dialect.identifier_preparer.quote_identifier
    tables: Tables = {}
    for schema in schemas:
        query = _query("sqlite", names, quote(schema or "main"))
        rows = connection.execute(query, {"schema": schema or "main"}).all()
        tables.update(_collected((schema, table, column) for table, column in rows))
    return tables, {}


def _inspected(
    connection: sa.Connection, schemas: list[str | None], names: Collection[str] | None
) -> Found:
    """Any other database: SQLAlchemy's bulk reflection."""
    inspector = sa.inspect(connection)
    tables: Tables = {}
    for schema in schemas:
        found = inspector.get_multi_columns(
            schema=schema,
            filter_names=list(names) if names is not None else None,
            kind=sa.engine.reflection.ObjectKind.ANY,
        )
        for (_, table), columns in found.items():
            tables[schema, table] = tuple(column["name"] for column in columns)
    return tables, {}


_READERS: dict[str, Callable[[sa.Connection, list[str | None], Collection[str] | None], Found]] = {
    "postgresql": _postgresql,
    "mysql": _mysql,
    "sqlite": _sqlite,
}
