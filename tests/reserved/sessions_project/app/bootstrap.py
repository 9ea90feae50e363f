"""Creates the tables where nobody runs migrations, such as in a demo container."""

from __future__ import annotations

from sqlalchemy import Engine

CREATE_TABLES_SQL = """
CREATE TABLE IF NOT EXISTS sessions (
    id       INTEGER PRIMARY KEY,
    user_id  INTEGER NOT NULL,
    title    VARCHAR(80) NOT NULL,
    metadata JSON            -- free-form
);

CREATE TABLE IF NOT EXISTS events (
    id         INTEGER PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    metadata   JSON
);
"""


def create_tables(engine: Engine) -> None:
    with engine.begin() as connection:
        for statement in CREATE_TABLES_SQL.split(";"):
            if statement.strip():
                connection.exec_driver_sql(statement)
