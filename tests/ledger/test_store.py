"""The ledger on each database: append, read on from a cursor, migrate itself, compact."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from alembic_guard.errors import SharedLedger
from alembic_guard.facts import SchemaChange
from alembic_guard.ledger import Entry, Ledger, is_gap
from alembic_guard.ledger.tables import APP_TABLE, CHANGE_TABLE, ledger_tables

RENAMED = SchemaChange("rename_column", "app", "sessions", "metadata", "100% \\ 'new'", {"a": 1})


@pytest.fixture(name="autocommit")
def _autocommit(database_url: URL) -> Iterator[sa.Connection]:
    engine = sa.create_engine(
        database_url, poolclass=sa.pool.NullPool, isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(name="ledger")
def _ledger(autocommit: sa.Connection) -> Ledger:
    ledger = Ledger()
    ledger.ensure(autocommit)
    return ledger


def test_it_is_created_once_and_keeps_its_uuid(ledger: Ledger, autocommit: sa.Connection) -> None:
    first = ledger.database_uuid(autocommit)
    ledger.ensure(autocommit)

    assert ledger.database_uuid(autocommit) == first
    assert len(first or "") == 36
    assert ledger.newest_epoch(autocommit) == 1


def test_an_entry_reads_back_as_it_was_written(ledger: Ledger, autocommit: sa.Connection) -> None:
    entry = Entry(
        "applied",
        revision="r1",
        direction="upgrade",
        heads=("r1", "r2"),
        mode="pause",
        changes=(RENAMED,),
        touched=("app.sessions",),
        fingerprint="f" * 64,
        lease=1.5,
        author="ann@web",
        message="ä % ' \\",
    )
    epoch = ledger.append(autocommit, entry)
    (read,) = ledger.read_since(autocommit, epoch - 1)

    assert read.to_row() == entry.to_row()
    assert read.epoch == epoch == 2
    assert read.database_uuid == ledger.database_uuid(autocommit)
    assert abs(read.at - time.time()) < 60


def test_a_newer_version_adds_the_columns_it_needs(
    ledger: Ledger, autocommit: sa.Connection
) -> None:
    """As a ledger made by an older version would look."""
    autocommit.exec_driver_sql(f"ALTER TABLE {CHANGE_TABLE} DROP COLUMN lease")
    autocommit.exec_driver_sql(f"ALTER TABLE {APP_TABLE} DROP COLUMN channel")
    ledger.ensure(autocommit)
    ledger.append(autocommit, Entry("pause", lease=3.0))

    assert ledger.newest(autocommit, "pause").lease == 3.0  # type: ignore[union-attr]  # just written


@pytest.fixture(name="schema")
def _schema(database_url: URL) -> Iterator[str]:
    """A schema that does not exist yet; on MariaDB it is another database, dropped afterwards."""
    if database_url.get_backend_name() == "sqlite":
        pytest.skip("SQLite's schemas are attached files")
    name = f"guard_ops_{secrets.token_hex(4)}"
    yield name
    if database_url.get_backend_name() == "mysql":
        engine = sa.create_engine(database_url, poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        engine.dispose()


def test_it_lives_in_another_schema_where_asked(autocommit: sa.Connection, schema: str) -> None:
    ledger = Ledger(schema)
    ledger.ensure(autocommit)
    ledger.ensure(autocommit)

    assert ledger.append(autocommit, Entry("applied")) == 2
    assert sa.inspect(autocommit).get_table_names() == []
    assert ledger.exists(autocommit)


@pytest.mark.parametrize("kind", ["mariadb"])
def test_two_databases_of_a_server_do_not_share_a_ledger(
    autocommit: sa.Connection, schema: str, new_database: Callable[..., URL]
) -> None:
    Ledger(schema).ensure(autocommit)
    other = sa.create_engine(new_database("mariadb"), poolclass=sa.pool.NullPool)
    with other.connect() as connection, pytest.raises(SharedLedger) as caught:
        Ledger(schema).ensure(connection)
    other.dispose()

    assert (caught.value.owner, caught.value.database) == (
        autocommit.engine.url.database,
        other.url.database,
    )


def test_concurrent_writers_get_epochs_without_a_gap(database_url: URL) -> None:
    """The second waits for the first one's commit, or fails and tries again."""
    engine = sa.create_engine(database_url, pool_size=4)
    ledger = Ledger()
    with engine.begin() as connection:
        ledger.ensure(connection)

    def write() -> None:
        for _ in range(10):
            while True:
                try:
                    with engine.begin() as connection:
                        ledger.append(connection, Entry("applied"))
                        break
                except sa.exc.DBAPIError:
                    time.sleep(0.001)

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        epochs = [entry.epoch for entry in ledger.read_since(connection, 0)]
    engine.dispose()

    assert epochs == list(range(1, 32))


def test_a_rolled_back_entry_leaves_no_gap(ledger: Ledger, database_url: URL) -> None:
    engine = sa.create_engine(database_url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        ledger.append(connection, Entry("applied"))
        connection.rollback()
        epoch = ledger.append(connection, Entry("applied"))
        connection.rollback()
    engine.dispose()

    assert epoch == 2


def test_compaction_keeps_the_newest_and_the_uuid(
    ledger: Ledger, autocommit: sa.Connection
) -> None:
    uuid = ledger.database_uuid(autocommit)
    for _ in range(5):
        ledger.append(autocommit, Entry("applied"))
    removed = ledger.compact(autocommit, keep=2)
    ledger.append(autocommit, Entry("applied"))

    assert removed == 4
    assert [entry.epoch for entry in ledger.read_since(autocommit, 0)] == [5, 6, 7]
    assert ledger.database_uuid(autocommit) == uuid
    assert is_gap(3, ledger.read_since(autocommit, 3))
    assert not is_gap(4, ledger.read_since(autocommit, 4))


def test_an_unknown_key_of_a_newer_version_is_ignored() -> None:
    row = {**Entry("applied").to_row(), "epoch": 3, "at": 1.0, "database_uuid": "u", "new": 1}
    row["changes"] = '[{"kind": "other", "table": "t", "colour": "red"}]'

    assert Entry.from_row(row).changes == (SchemaChange("other", None, "t"),)


def test_tables_of_two_schemas_do_not_share_metadata() -> None:
    assert ledger_tables("a").change.fullname == f"a.{CHANGE_TABLE}"
    assert ledger_tables(None).change.fullname == CHANGE_TABLE
