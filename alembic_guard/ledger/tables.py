"""The two tables alembic_guard owns, as SQLAlchemy Core tables on their own MetaData.

Times are seconds since 1970 by the database's clock. New columns are nullable or have a
server default, so that `Ledger.ensure` can add them to the tables of an older version.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import BigInteger, Column, Double, Integer, MetaData, String, Table, Text
from sqlalchemy.dialects import mysql

CHANGE_TABLE = "alembic_guard_change"
APP_TABLE = "alembic_guard_app"
OWN_TABLES = frozenset({CHANGE_TABLE, APP_TABLE})
PASSING_COLUMN = "alembic_guard twin: "
"""How the comment of a column begins that is there only until every app has loaded a rename."""

_LongText = Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")
_Epoch = BigInteger().with_variant(Integer(), "sqlite")


@dataclass(frozen=True)
class LedgerTables:
    """Both tables in one schema; `schema` None is the connection's default."""

    schema: str | None
    metadata: MetaData
    change: Table
    app: Table


@lru_cache(maxsize=64)
def ledger_tables(schema: str | None = None) -> LedgerTables:
    """The tables as they stand in `schema`."""
    metadata = MetaData(schema=schema)
    return LedgerTables(schema, metadata, _change_table(metadata), _app_table(metadata))


def _change_table(metadata: MetaData) -> Table:
    return Table(
        CHANGE_TABLE,
        metadata,
        Column("epoch", _Epoch, primary_key=True, autoincrement=False),
        Column("phase", String(16), nullable=False),
        Column("database_uuid", String(36), nullable=False),
        Column("at", Double, nullable=False),
        Column("revision", Text),
        Column("direction", String(16)),
        Column("heads", _LongText),
        Column("mode", String(16)),
        Column("changes", _LongText),
        Column("touched", _LongText),
        Column("fingerprint", String(64)),
        Column("lease", Double),
        Column("author", String(255)),
        Column("message", _LongText),
        Column("identity", Text),
    )


def _app_table(metadata: MetaData) -> Table:
    return Table(
        APP_TABLE,
        metadata,
        Column("instance", String(64), primary_key=True),
        Column("app", String(255), nullable=False),
        Column("host", String(255), nullable=False),
        Column("pid", Integer, nullable=False),
        Column("state", String(16), nullable=False),
        Column("epoch", _Epoch, nullable=False),
        Column("heartbeat", Double, nullable=False),
        Column("started", Double, nullable=False),
        Column("ttl", Double, nullable=False),
        Column("error", _LongText),
        Column("identity", Text),
        Column("channel", String(32)),
        Column("version", String(32)),
    )
