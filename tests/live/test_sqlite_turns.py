"""The watcher's own connections on a busy SQLite file."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import MetaData

from alembic_guard.live import SchemaWatcher
from alembic_guard.live.connections import own_connection
from alembic_guard.live.sqlite_turns import PromptConnection
from alembic_guard.live.turnstile import passing_gates


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    path = tmp_path / "app.db"
    connection = sqlite3.connect(path)
    connection.execute("create table t(id integer primary key)")
    connection.close()
    return path


@pytest.fixture(name="writer")
def _writer(path: Path) -> Iterator[sqlite3.Connection]:
    """Another connection that keeps everybody out."""
    writer = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    writer.execute("begin exclusive")
    yield writer
    writer.close()


def connect(path: Path, timeout: float) -> sqlite3.Connection:
    return sqlite3.connect(path, factory=PromptConnection, timeout=timeout, isolation_level=None)


def test_statement_is_executed_once_the_lock_is_free(
    path: Path, writer: sqlite3.Connection
) -> None:
    connection = connect(path, 30.0)
    timer = threading.Timer(0.2, lambda: writer.execute("commit"))
    timer.start()

    assert connection.cursor().execute("select count(*) from t").fetchone() == (0,)
    timer.join()
    connection.close()


def test_waiting_ends_after_the_timeout(path: Path, writer: sqlite3.Connection) -> None:
    connection = connect(path, 0.05)

    with pytest.raises(sqlite3.OperationalError, match="is locked"):
        connection.cursor().execute("select count(*) from t")
    connection.close()


def test_within_a_transaction_nothing_is_waited_for(path: Path, writer: sqlite3.Connection) -> None:
    """Two transactions that have both read and want to write would wait for each other."""
    connection = connect(path, 3600.0)
    cursor = connection.cursor()
    cursor.execute("begin")

    with pytest.raises(sqlite3.OperationalError, match="is locked"):
        cursor.execute("insert into t default values")
    connection.close()


def test_other_errors_are_raised_at_once(path: Path) -> None:
    connection = connect(path, 3600.0)

    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        connection.cursor().execute("select * from nowhere")
    connection.close()


def test_only_the_watchers_own_connections_are_prompt(path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{path}")
    with SchemaWatcher(engine, MetaData(), config=False):
        with passing_gates(), own_connection(engine) as own:
            driver = own.connection.driver_connection

            assert type(driver) is PromptConnection
        with engine.connect() as connection:
            driver = connection.connection.driver_connection

            assert type(driver) is sqlite3.Connection
    engine.dispose()
