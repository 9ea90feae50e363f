from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from alembic_guard.errors import MaskedColumn
from alembic_guard.live import classify, is_drift

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
