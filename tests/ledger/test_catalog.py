"""The catalog fingerprint notices any DDL, and nothing else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alembic_guard.ledger import Ledger
from alembic_guard.ledger.catalog import fingerprint, read_catalog
from tests.fixtures.mysql import kind_with_mysql

__all__ = ["kind_with_mysql"]

DDL = {
    "a column": "ALTER TABLE t ADD COLUMN c integer",
    "a renamed column": "ALTER TABLE t RENAME COLUMN b TO d",
    "an index": "CREATE INDEX ix ON t (b)",
    "a table": "CREATE TABLE u (id integer)",
    "a dropped table": "DROP TABLE t",
    "a view": "CREATE VIEW v AS SELECT 1 AS one",
}
SERVER_DDL = {
    "a type": ("ALTER TABLE t ALTER COLUMN b TYPE varchar(20)", "ALTER TABLE t MODIFY b varchar(20)"),
    "a default": ("ALTER TABLE t ALTER COLUMN b SET DEFAULT 'x'",) * 2,
    "a constraint": ("ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0)",) * 2,
    "nullability": (
        "ALTER TABLE t ALTER COLUMN b SET NOT NULL", "ALTER TABLE t MODIFY b varchar(9) NOT NULL",
    ),
}  # fmt: skip


@pytest.fixture(name="connection")
def _connection(engine: sa.Engine):  # type: ignore[no-untyped-def]
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (id integer PRIMARY KEY, b varchar(9))")
        yield connection


@pytest.mark.parametrize("what", DDL)
def test_ddl_changes_the_fingerprint(connection: sa.Connection, what: str) -> None:
    before = fingerprint(connection)
    connection.exec_driver_sql(DDL[what])

    assert fingerprint(connection) != before


@pytest.mark.parametrize("what", SERVER_DDL)
def test_ddl_of_servers_changes_the_fingerprint(connection: sa.Connection, what: str) -> None:
    if connection.dialect.name == "sqlite":
        pytest.skip("SQLite has no such ALTER")
    before = fingerprint(connection)
    connection.exec_driver_sql(SERVER_DDL[what][connection.dialect.name == "mysql"])

    assert fingerprint(connection) != before


def test_rows_and_our_own_tables_do_not(connection: sa.Connection) -> None:
    before = fingerprint(connection)
    connection.exec_driver_sql("INSERT INTO t VALUES (1, 'x')")
    Ledger().ensure(connection)

    assert fingerprint(connection) == before


def test_ddl_that_is_taken_back_does_not(connection: sa.Connection) -> None:
    before = fingerprint(connection)
    connection.exec_driver_sql("ALTER TABLE t RENAME COLUMN b TO d")
    connection.exec_driver_sql("ALTER TABLE t RENAME COLUMN d TO b")

    assert fingerprint(connection) == before


def test_enum_labels_count(engine: sa.Engine) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("named enum types are PostgreSQL's")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TYPE mood AS ENUM ('sad', 'ok')")
        connection.exec_driver_sql("CREATE TABLE m (id integer, mood mood)")
        before = fingerprint(connection)
        connection.exec_driver_sql("ALTER TYPE mood RENAME VALUE 'sad' TO 'low'")

        assert fingerprint(connection) != before


def test_a_few_tables_can_be_read_alone(connection: sa.Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE u (id integer)")
    whole, part = read_catalog(connection), read_catalog(connection, ["t", "missing"])

    assert [key[1] for key in part.tables] == ["t"]
    assert part.find(None, "t") == whole.find(None, "t")
    assert [name for name, _ in part.find(None, "t").columns] == ["id", "b"]  # type: ignore[union-attr]  # it is there


def test_no_tables_at_all_is_an_empty_catalog(connection: sa.Connection) -> None:
    assert read_catalog(connection, []).tables == {}
