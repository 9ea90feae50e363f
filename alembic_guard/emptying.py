"""Empty a test database, whatever an older run left in it."""

from __future__ import annotations

import sqlalchemy as sa


def drop_everything(engine: sa.Engine) -> None:
    """Drop every view, table, sequence and enum type of the default schema, with CASCADE.

    Reads the catalog rather than any model: an older run may have left tables the models no
    longer know.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            _empty_postgresql(connection)
        else:
            _empty_other(connection)


def _empty_postgresql(connection: sa.Connection) -> None:
    quote = connection.dialect.identifier_preparer.quote_identifier
    rows = connection.exec_driver_sql(
        "SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' "
        "WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, c.relname "
        "FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace "
        "AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND NOT EXISTS "
        "(SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') "
        "ORDER BY c.relkind = 'S', c.oid"
    ).fetchall()
    for kind, name in rows:
        connection.exec_driver_sql(f"DROP {kind} IF EXISTS {quote(name)} CASCADE")
    types = connection.exec_driver_sql(
        "SELECT t.typname FROM pg_type t WHERE t.typnamespace = current_schema()::regnamespace "
        "AND t.typtype IN ('e', 'd') AND NOT EXISTS "
        "(SELECT 1 FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')"
    ).fetchall()
    for (name,) in types:
        connection.exec_driver_sql(f"DROP TYPE IF EXISTS {quote(name)} CASCADE")


def _empty_other(connection: sa.Connection) -> None:
    quote = connection.dialect.identifier_preparer.quote_identifier
    inspector = sa.inspect(connection)
    is_sqlite = connection.dialect.name == "sqlite"
    connection.exec_driver_sql(
        "PRAGMA foreign_keys = OFF" if is_sqlite else "SET FOREIGN_KEY_CHECKS = 0"
    )
    for name in inspector.get_view_names():
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {quote(name)}")
    for name in inspector.get_table_names():
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {quote(name)}")
    if not is_sqlite:
        connection.exec_driver_sql("SET FOREIGN_KEY_CHECKS = 1")
