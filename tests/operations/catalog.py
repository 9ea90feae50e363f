"""Everything a database knows about its tables, as text to compare."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

_POSTGRESQL = """
SELECT 'column ' || c.relname || '.' || a.attname, concat_ws(' ',
  format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
  pg_get_expr(d.adbin, d.adrelid), co.collname, col_description(c.oid, a.attnum), a.attacl)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
LEFT JOIN pg_collation co ON co.oid = a.attcollation
WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
  AND c.relkind IN ('r', 'p', 'v', 'm')
UNION ALL SELECT 'constraint ' || conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
UNION ALL SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'sequence ' || relname, pg_get_userbyid(relowner) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
UNION ALL SELECT 'view ' || viewname, definition FROM pg_views WHERE schemaname = 'public'
UNION ALL SELECT 'matview ' || matviewname, definition FROM pg_matviews WHERE schemaname = 'public'
UNION ALL SELECT 'trigger ' || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'policy ' || policyname, qual FROM pg_policies WHERE schemaname = 'public'
UNION ALL SELECT 'statistics ' || stxname, pg_get_statisticsobjdef(oid) FROM pg_statistic_ext
UNION ALL SELECT 'function ' || proname, pg_get_functiondef(oid) FROM pg_proc
WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'enum ' || typname, (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder)
FROM pg_enum WHERE enumtypid = t.oid) FROM pg_type t
WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'
UNION ALL SELECT 'comment ' || c.relname, obj_description(c.oid) FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
"""


def catalog(connection: sa.Connection) -> dict[str, Any]:
    """Names and definitions of every object, the data left out."""
    if connection.dialect.name == "postgresql":
        return dict(sorted((row[0], row[1]) for row in connection.exec_driver_sql(_POSTGRESQL)))
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql("SELECT type || ' ' || name, sql FROM sqlite_master")
        return dict(sorted((row[0], row[1]) for row in rows))
    return _mysql(connection)


def _mysql(connection: sa.Connection) -> dict[str, Any]:
    found: dict[str, Any] = {}
    tables = connection.exec_driver_sql("SHOW FULL TABLES").fetchall()
    for name, kind in tables:
        what = "VIEW" if kind == "VIEW" else "TABLE"
        text = connection.exec_driver_sql(f"SHOW CREATE {what} `{name}`").one()[1]
        found[f"{what} {name}"] = _sorted_keys(text)
    for trigger in connection.exec_driver_sql("SHOW TRIGGERS").fetchall():
        text = connection.exec_driver_sql(f"SHOW CREATE TRIGGER `{trigger[0]}`").one()[2]
        found[f"TRIGGER {trigger[0]}"] = text
    routines = connection.exec_driver_sql(
        "SELECT routine_name, routine_type, routine_definition FROM information_schema.routines "
        "WHERE routine_schema = database()"
    )
    found |= {f"{row[1]} {row[0]}": row[2] for row in routines}
    return dict(sorted(found.items()))


def _sorted_keys(create: str) -> str:
    """Columns in their order, then keys and constraints, whose order means nothing."""
    lines = [line.rstrip(",") for line in create.split("\n")]
    columns = [line for line in lines if not re.match(r"  [A-Z]", line)]
    return "\n".join(columns + sorted(set(lines) - set(columns)))


def rows(connection: sa.Connection, table: str) -> list[tuple[Any, ...]]:
    """Every row by position, so that column names do not matter."""
    quoted = connection.dialect.identifier_preparer.quote(table)
    return sorted(map(tuple, connection.exec_driver_sql(f"SELECT * FROM {quoted}")), key=repr)
