"""Statistics objects, which neither the models nor SQLAlchemy's reflection know."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext

from ..facts import Rename
from ..renames.model import NameMap
from ..renames.statistics import StatisticsFacts, statistics_renames

# https://www.postgresql.org/docs/current/catalog-pg-statistic-ext.html
_QUERY = """
    SELECT n.nspname, t.relname, s.stxname,
           ARRAY(SELECT a.attname::text FROM pg_attribute a
                 WHERE a.attrelid = t.oid AND a.attnum = ANY (s.stxkeys::int2[]))
    FROM pg_statistic_ext s
    JOIN pg_class t ON t.oid = s.stxrelid
    JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE s.stxnamespace = t.relnamespace AND t.relname = ANY (:tables)
"""
_SINCE = (10,)


def following_statistics(autogen_context: AutogenContext, names: NameMap) -> list[Rename]:
    """Renames of the statistics objects that PostgreSQL named after what is renamed."""
    touched = {key[1] for key in (*names.tables, *names.columns)}
    connection = autogen_context.connection
    if not touched or connection is None or not _has_statistics(connection):
        return []
    return statistics_renames(_read(connection, touched), names)


def _has_statistics(connection: sa.Connection) -> bool:
    version = connection.dialect.server_version_info or ()
    return connection.dialect.name == "postgresql" and version >= _SINCE


def _read(connection: sa.Connection, tables: Iterable[str]) -> list[StatisticsFacts]:
    rows = connection.execute(sa.text(_QUERY), {"tables": sorted(tables)})
    default = connection.dialect.default_schema_name
    return [
        StatisticsFacts(name, (None if schema == default else schema, table), tuple(columns))
        for schema, table, name, columns in rows
    ]
