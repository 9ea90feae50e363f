"""Reserved words read from a running server, which knows its own version best."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from .names import normalise_database
from .words import SqlWord, Version, sql_words


def read_words(url: str) -> tuple[str, Version, Mapping[str, SqlWord]]:
    """Connect to `url` and give its database name, server version and special words."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    try:
        with engine.connect() as connection:
            return server_words(connection)
    finally:
        engine.dispose()


def server_words(connection: sa.Connection) -> tuple[str, Version, Mapping[str, SqlWord]]:
    """The special words of a connected server.

    PostgreSQL and MySQL 8 say which words they reserve; MariaDB lists its words without
    saying so and SQLite has no such list, so for them it is our measured list. Which words
    read as a value rather than fail comes from that list everywhere.
    """
    dialect = connection.dialect
    version = tuple(part for part in dialect.server_version_info or () if isinstance(part, int))
    database = "mariadb" if getattr(dialect, "is_mariadb", False) else dialect.name
    database = normalise_database(database)
    known = sql_words(database)
    reserved = _reserved(connection, database)
    if reserved is None:
        return database, version, known
    return database, version, {word: known.get(word) or _new(word) for word in reserved}


def _reserved(connection: sa.Connection, database: str) -> list[str] | None:
    if database == "postgresql":
        # catcode R: reserved, T: reserved except as a function or type name
        return _words(connection, "SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')")
    if database == "mysql":
        return _words(
            connection, "SELECT LOWER(word) FROM information_schema.KEYWORDS WHERE reserved = 1"
        )
    return None


def _words(connection: sa.Connection, query: str) -> list[str] | None:
    try:
        rows: Any = connection.execute(sa.text(query))
    except sa.exc.DBAPIError:
        return None
    return [row[0] for row in rows]


def _new(word: str) -> SqlWord:
    """A word newer than our list: it has to be quoted, more is not known."""
    return SqlWord(word, "quoted")
