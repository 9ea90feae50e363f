"""Warm pools after DDL that makes server-side plans stale; PostgreSQL only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Column, Enum, Integer, MetaData, String, Table
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import create_async_engine

from alembic_guard.ledger import Entry
from alembic_guard.live import AsyncSchemaWatcher, SchemaWatcher
from tests.live.battery import execute
from tests.live.stories import ensure_ledger, publish

pytestmark = pytest.mark.postgresql

SETUP = (
    "drop table if exists moods",
    "drop type if exists mood",
    "create type mood as enum('a', 'b')",
    "create table moods(id int primary key, title varchar(50), n int, m mood)",
    "insert into moods values (1, 'x', 1, 'a'), (2, 'y', 2, 'b')",
)
DDL = {
    "alter type": ("alter table moods alter column n type bigint",),
    "longer varchar": ("alter table moods alter column title type varchar(80)",),
    "enum rebuilt": (
        "alter type mood rename to mood_old",
        "create type mood as enum('a', 'b', 'c')",
        "alter table moods alter column m type mood using m::text::mood",
        "drop type mood_old",
    ),
    "drop and create": SETUP,
}
CONNECTIONS = 3


def moods() -> Table:
    return Table(
        "moods",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("title", String(50)),
        Column("n", Integer),
        Column("m", Enum("a", "b", name="mood")),
    )


@pytest.fixture(name="url")
def _url(new_database: Callable[..., URL]) -> URL:
    return new_database("postgresql")


@pytest.fixture(name="admin")
def _admin(url: URL) -> Any:
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    execute(engine, *SETUP)
    ensure_ledger(engine)
    yield engine
    engine.dispose()


def use_all(engine: sa.Engine, query: Any, times: int) -> int:
    """Run the query on every pooled connection; how often it failed."""
    failed = 0
    connections = [engine.connect() for _ in range(CONNECTIONS)]
    for connection in connections:
        for _ in range(times):
            try:
                connection.execute(query).all()
                connection.commit()
            except sa.exc.DBAPIError:
                failed += 1
                connection.rollback()
    for connection in connections:
        connection.close()
    return failed


@pytest.mark.parametrize("ddl", DDL)
@pytest.mark.parametrize("isolation", ["READ COMMITTED", "AUTOCOMMIT"])
def test_idle_psycopg_connections_never_use_a_stale_plan(
    url: URL, admin: sa.Engine, ddl: str, isolation: str
) -> None:
    query = sa.select(moods())
    engine = sa.create_engine(url, pool_size=CONNECTIONS, max_overflow=0, isolation_level=isolation)
    with SchemaWatcher(engine, moods().metadata, config=False) as watcher:
        use_all(engine, query, 8)
        execute(admin, *DDL[ddl])
        assert watcher.wait_for(publish(admin, Entry("applied", touched=("moods",))), 30)

        assert use_all(engine, query, 8) == 0
    engine.dispose()


def test_without_a_watcher_the_plans_are_stale(url: URL, admin: sa.Engine) -> None:
    query = sa.select(moods())
    engine = sa.create_engine(
        url, pool_size=CONNECTIONS, max_overflow=0, isolation_level="AUTOCOMMIT"
    )
    use_all(engine, query, 8)
    execute(admin, *DDL["alter type"])

    assert use_all(engine, query, 8) == CONNECTIONS * 8
    engine.dispose()


def test_each_of_several_changes_is_followed_by_a_psycopg_connection(
    url: URL, admin: sa.Engine
) -> None:
    query = sa.select(moods())
    engine = sa.create_engine(url, pool_size=CONNECTIONS, max_overflow=0)
    failed = []
    with SchemaWatcher(engine, moods().metadata, config=False) as watcher:
        for number, times in enumerate((1, 8, 8)):  # at first nothing is prepared
            execute(admin, f"alter table moods alter column title type varchar({90 + number})")
            assert watcher.wait_for(publish(admin, Entry("applied", touched=("moods",))), 30)
            failed.append(use_all(engine, query, times))

    assert failed == [0, 0, 0]
    engine.dispose()


def use(connection: sa.Connection, query: Any, times: int = 8) -> int:
    """Run the query on a connection that is held; how often it failed."""
    failed = 0
    for _ in range(times):
        try:
            connection.execute(query).all()
        except sa.exc.DBAPIError:
            failed += 1
            connection.rollback()
    return failed


@pytest.mark.parametrize("isolation", ["READ COMMITTED", "AUTOCOMMIT"])
def test_a_connection_in_use_forgets_the_plans_an_announced_change_made_stale(
    url: URL, admin: sa.Engine, isolation: str
) -> None:
    query = sa.select(moods())
    engine = sa.create_engine(url, pool_size=CONNECTIONS, max_overflow=0, isolation_level=isolation)
    with SchemaWatcher(engine, moods().metadata, config=False) as watcher:
        use_all(engine, query, 8)
        with engine.connect() as held:
            held.execute(sa.text("SELECT 1"))  # in a transaction that has not locked the table
            execute(admin, *DDL["alter type"])
            assert watcher.wait_for(publish(admin, Entry("applied", touched=("moods",))), 30)

            assert use(held, query) == 0
    engine.dispose()


@pytest.mark.parametrize("ddl", DDL)
@pytest.mark.parametrize("isolation", ["READ COMMITTED", "AUTOCOMMIT"])
def test_one_connection_fails_once_when_nobody_announced_the_change(
    url: URL, admin: sa.Engine, ddl: str, isolation: str
) -> None:
    query = sa.select(moods())
    engine = sa.create_engine(url, pool_size=CONNECTIONS, max_overflow=0, isolation_level=isolation)
    with SchemaWatcher(engine, moods().metadata, config=False):
        use_all(engine, query, 8)
        with engine.connect() as first, engine.connect() as second:
            execute(admin, *DDL[ddl])

            assert (use(first, query), use(second, query)) == (1, 0)
        assert use_all(engine, query, 8) == 0
    engine.dispose()


def test_a_connection_taken_before_the_watcher_came_fails_once(url: URL, admin: sa.Engine) -> None:
    query = sa.select(moods())
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as held:
        use(held, query)
        with SchemaWatcher(engine, moods().metadata, config=False):
            execute(admin, *DDL["alter type"])

            assert use(held, query) == 1
    engine.dispose()


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
def test_one_asyncio_connection_fails_once_when_nobody_announced_the_change(
    url: URL, admin: sa.Engine, driver: str
) -> None:
    query = sa.select(moods())

    async def story() -> tuple[int, int]:
        engine = create_async_engine(
            url.set(drivername=f"postgresql+{driver}"), isolation_level="AUTOCOMMIT"
        )
        async with AsyncSchemaWatcher(engine, moods().metadata, config=False):
            async with engine.connect() as first, engine.connect() as second:
                for connection in (first, second):
                    await connection.run_sync(use, query)
                await asyncio.to_thread(execute, admin, *DDL["enum rebuilt"])
                failed = [await one.run_sync(use, query) for one in (first, second)]
        await engine.dispose()
        return failed[0], failed[1]

    assert asyncio.run(story()) == (1, 0)


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
@pytest.mark.parametrize("ddl", DDL)
def test_idle_asyncio_connections_never_use_a_stale_plan(
    url: URL, admin: sa.Engine, ddl: str, driver: str
) -> None:
    query = sa.select(moods())

    async def use_all_async(engine: Any) -> int:
        failed = 0
        connections = [await engine.connect() for _ in range(CONNECTIONS)]
        for connection in connections:
            for _ in range(8):
                try:
                    (await connection.execute(query)).all()
                    await connection.commit()
                except sa.exc.DBAPIError:
                    failed += 1
                    await connection.rollback()
        for connection in connections:
            await connection.close()
        return failed

    async def story() -> int:
        engine = create_async_engine(
            url.set(drivername=f"postgresql+{driver}"), pool_size=CONNECTIONS, max_overflow=0
        )
        async with AsyncSchemaWatcher(engine, moods().metadata, config=False) as watcher:
            await use_all_async(engine)
            await asyncio.to_thread(execute, admin, *DDL[ddl])
            entry = Entry("applied", touched=("moods",))
            assert await watcher.wait_for(await asyncio.to_thread(publish, admin, entry), 30)
            failed = await use_all_async(engine)
        await engine.dispose()
        return failed

    assert asyncio.run(story()) == 0
