"""The database's catalog, as small as it can be and still notice any DDL.

For each table or view: the names of its columns and a digest over everything that makes up
its definition (columns, defaults, enum labels, constraints, indexes, view text). One to
four set-based queries, no reflection: 1,000 tables take well under a second.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from .tables import OWN_TABLES


@dataclass(frozen=True, slots=True)
class TableState:
    """One table or view.

    :param columns: each column's name and a digest of its definition, in order.
    :param digest: a digest of the whole table: columns, constraints, indexes, view text.
    """

    schema: str
    name: str
    columns: tuple[tuple[str, str], ...]
    digest: str

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.columns)


@dataclass(frozen=True, slots=True)
class Catalog:
    """All tables and views, by schema and name, without those alembic_guard owns.

    `default_schema` is the schema of names written without one. Only PostgreSQL's catalog is
    that of every schema: on MySQL and MariaDB another schema is another database.
    """

    default_schema: str
    tables: dict[tuple[str, str], TableState] = field(default_factory=dict)
    has_every_schema: bool = False

    def find(self, schema: str | None, name: str) -> TableState | None:
        """The table as SQL without quotes would find it."""
        return self.tables.get((schema or self.default_schema, name))

    def covers(self, schema: str | None) -> bool:
        """Whether a table of this schema would be in here."""
        return self.has_every_schema or schema in (None, self.default_schema)

    def short_schema(self, schema: str) -> str | None:
        """`schema`, or None where it is the default one."""
        return None if schema == self.default_schema else schema

    def fingerprint(self) -> str:
        """Sixty-four hex digits that change with any of the definitions."""
        digest = hashlib.sha256()
        for (schema, name), state in sorted(self.tables.items()):
            digest.update(f"{schema}\0{name}\0{state.digest}\n".encode())
        return digest.hexdigest()


class _Builder:
    """Collects lines of definition per table, in any order."""

    def __init__(self) -> None:
        self.columns: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self.lines: dict[tuple[str, str], list[str]] = {}

    def table(self, schema: str, name: str, *facts: object) -> None:
        self.lines.setdefault((schema, name), []).append(_line(facts))

    def column(self, schema: str, table: str, name: str, *facts: object) -> None:
        definition = _digest(_line(facts))
        self.columns.setdefault((schema, table), []).append((name, definition))
        self.table(schema, table, "column", name, definition)

    def build(self, default_schema: str, *, has_every_schema: bool = False) -> Catalog:
        tables = {}
        for (schema, name), lines in self.lines.items():
            if name not in OWN_TABLES:
                digest = _digest("\n".join(sorted(lines)))
                columns = tuple(self.columns.get((schema, name), ()))
                tables[schema, name] = TableState(schema, name, columns, digest)
        return Catalog(default_schema, tables, has_every_schema)


def read_catalog(connection: sa.Connection, tables: Collection[str] | None = None) -> Catalog:
    """Read the catalog of the whole database, or of the tables of these names only."""
    reader = _READERS.get(connection.dialect.name)
    if reader is None:
        return Catalog(connection.dialect.default_schema_name or "")
    return reader(connection, tables)


def fingerprint(connection: sa.Connection, tables: Collection[str] | None = None) -> str:
    """The catalog fingerprint of the whole database, or of the tables of these names."""
    return read_catalog(connection, tables).fingerprint()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _line(facts: Iterable[object]) -> str:
    return "\x1f".join("" if fact is None else str(fact) for fact in facts)


def _rows(
    connection: sa.Connection, query: str, tables: Collection[str] | None, column: str
) -> Iterable[Any]:
    """Run a catalog query whose ``{names}`` restricts `column` to the given tables."""
    if tables is None:
        return connection.execute(sa.text(query.format(names="")))
    statement = sa.text(query.format(names=f"AND {column} IN :names"))
    bound = statement.bindparams(sa.bindparam("names", sorted(tables), sa.String, expanding=True))
    return connection.execute(bound)


_PG_TABLES = """
SELECT n.nspname, c.relname, c.relkind::text, c.relpersistence::text,
  CASE WHEN c.relkind IN ('v', 'm') THEN md5(pg_get_viewdef(c.oid)) END
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {user_schemas} {{names}}
"""
_PG_COLUMNS = """
SELECT n.nspname, c.relname, array_agg(a.attname::text ORDER BY a.attnum),
  array_agg(md5(concat_ws('|', format_type(a.atttypid, a.atttypmod), a.attnotnull,
    a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid), e.labels)) ORDER BY a.attnum)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
LEFT JOIN (SELECT enumtypid, string_agg(enumlabel, ',' ORDER BY enumsortorder) AS labels
  FROM pg_enum GROUP BY enumtypid) e ON e.enumtypid = a.atttypid
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {user_schemas} {{names}}
GROUP BY 1, 2
"""
_PG_PARTS = """
SELECT n.nspname, c.relname, o.conname::text, md5(pg_get_constraintdef(o.oid))
FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {user_schemas} {{names}}
UNION ALL
SELECT n.nspname, c.relname, NULL, md5(pg_get_indexdef(i.indexrelid))
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {user_schemas} {{names}}
"""
_USER_SCHEMAS = r"n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"


def _postgresql(connection: sa.Connection, tables: Collection[str] | None) -> Catalog:
    builder = _Builder()

    def rows(query: str) -> Iterable[Any]:
        return _rows(connection, query.format(user_schemas=_USER_SCHEMAS), tables, "c.relname")

    for schema, name, *facts in rows(_PG_TABLES):
        builder.table(schema, name, "table", *facts)
    for schema, name, columns, definitions in rows(_PG_COLUMNS):
        builder.columns[schema, name] = list(zip(columns, definitions, strict=True))
        builder.table(schema, name, "columns", *columns, *definitions)
    for schema, name, *facts in rows(_PG_PARTS):
        builder.table(schema, name, "part", *facts)
    default = connection.exec_driver_sql("SELECT current_schema()").scalar()
    return builder.build(default or "public", has_every_schema=True)


_MYSQL_COLUMNS = """
SELECT c.table_schema, c.table_name, c.column_name, c.column_type, c.is_nullable,
  c.column_default, c.extra, c.collation_name, c.generation_expression
FROM information_schema.columns c WHERE c.table_schema = DATABASE() {names}
ORDER BY c.table_name, c.ordinal_position
"""
# SHA2, because MySQL 9.6 moved MD5 out of the server into a component.
_MYSQL_PARTS = (
    """SELECT c.table_schema, c.table_name, c.index_name, c.seq_in_index, c.column_name,
    c.non_unique, c.sub_part FROM information_schema.statistics c
    WHERE c.table_schema = DATABASE() {names}""",
    """SELECT c.table_schema, c.table_name, c.constraint_name, c.column_name,
    c.referenced_table_name, c.referenced_column_name FROM information_schema.key_column_usage c
    WHERE c.table_schema = DATABASE() {names}""",
    """SELECT c.table_schema, c.table_name, c.constraint_name, c.constraint_type
    FROM information_schema.table_constraints c WHERE c.table_schema = DATABASE() {names}""",
    """SELECT c.table_schema, c.table_name, SHA2(c.view_definition, 256)
    FROM information_schema.views c WHERE c.table_schema = DATABASE() {names}""",
)


def _mysql(connection: sa.Connection, tables: Collection[str] | None) -> Catalog:
    builder = _Builder()
    for row in _rows(connection, _MYSQL_COLUMNS, tables, "c.table_name"):
        builder.column(*row)
    for query in _MYSQL_PARTS:
        for schema, name, *facts in _rows(connection, query, tables, "c.table_name"):
            builder.table(schema, name, "part", *facts)
    return builder.build(connection.exec_driver_sql("SELECT DATABASE()").scalar() or "")


_SQLITE_PARTS = """
SELECT m.type, m.name, m.tbl_name, m.sql FROM sqlite_master m
WHERE m.name NOT LIKE 'sqlite_%' {names}
"""
_SQLITE_COLUMNS = """
SELECT m.name, p.name, p.type, p."notnull", p.dflt_value, p.pk, p.hidden FROM sqlite_master m JOIN pragma_table_xinfo(m.name) p
WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%' {names} ORDER BY m.name, p.cid
"""


def _sqlite(connection: sa.Connection, tables: Collection[str] | None) -> Catalog:
    builder = _Builder()
    for kind, name, table, sql in _rows(connection, _SQLITE_PARTS, tables, "m.tbl_name"):
        builder.table("main", table, kind, name, " ".join((sql or "").split()))
    for table, column, *facts in _rows(connection, _SQLITE_COLUMNS, tables, "m.name"):
        builder.column("main", table, column, *facts)
    return builder.build("main")


_READERS: dict[str, Callable[[sa.Connection, Collection[str] | None], Catalog]] = {
    "postgresql": _postgresql,
    "mysql": _mysql,
    "mariadb": _mysql,
    "sqlite": _sqlite,
}
