from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from alembic_guard.errors import MaskedColumn
from alembic_guard.live import SchemaWatcher, classify, is_drift
from alembic_guard.live.drift import is_deadlock

STATEMENTS = {
    "select missing from things": "undefined column",
    "insert into things(missing) values (1)": "undefined column",
    "update things set missing = 1": "undefined column",
    "select * from nowhere": "undefined table",
    "insert into things(id) values (1), (1)": None,
    "select from where": None,
}


@pytest.mark.parametrize("driver", ["sqlite", "psycopg", "psycopg2", "pymysql"])
def test_errors_of_each_driver_are_told_apart(
    driver: str, new_database: Callable[..., URL]
) -> None:
    kind = {"sqlite": "sqlite", "pymysql": "mariadb"}.get(driver, "postgresql")
    url = new_database(kind)
    if kind == "postgresql":
        url = url.set(drivername=f"postgresql+{driver}")
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("create table things(id int primary key)")
    found = {}
    for statement in STATEMENTS:
        with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError) as caught:
            connection.exec_driver_sql(statement)
        found[statement] = classify(caught.value)
    engine.dispose()

    assert found == STATEMENTS


def test_wrapped_and_own_errors_are_drift_and_others_are_not() -> None:
    error = sa.exc.OperationalError("select", {}, Exception("no such column: x"))
    wrapped = RuntimeError("the repository failed")
    wrapped.__cause__ = error

    assert is_drift(wrapped)
    assert is_drift(MaskedColumn("runs", "chat", use="filters", pending="pending"))
    assert not is_drift(ValueError("no such column"))


def test_a_transaction_that_ddl_made_a_deadlock_s_victim_is_run_again(
    new_database: Callable[..., URL],
) -> None:
    """It has read the table, DDL waits for it to end, and now it wants to write."""
    engine = sa.create_engine(new_database("mariadb"))
    with engine.begin() as connection:
        connection.exec_driver_sql("create table things(id int primary key, n int)")
        connection.exec_driver_sql("insert into things values (1, 0)")
    alter = threading.Thread(target=_execute, args=(engine, "alter table things add x int"))
    errors: list[BaseException] = []

    def work() -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql("select * from things").all()
            if not errors:
                alter.start()
                while not _is_waiting(engine):
                    time.sleep(0.01)
            try:
                connection.exec_driver_sql("update things set n = n + 1")
            except sa.exc.DBAPIError as error:
                errors.append(error)
                raise

    with SchemaWatcher(engine, sa.MetaData(), config=False) as watcher:
        watcher.retrying(work)
    alter.join()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("select n from things").scalar() == 1
    engine.dispose()

    assert [is_deadlock(error) for error in errors] == [True]


def _execute(engine: sa.Engine, sql: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(sql)


def _is_waiting(engine: sa.Engine) -> bool:
    query = (
        "select count(*) from information_schema.processlist"
        " where db = database() and state like 'Waiting for table metadata lock'"
    )
    with engine.connect() as connection:
        return bool(connection.exec_driver_sql(query).scalar())
