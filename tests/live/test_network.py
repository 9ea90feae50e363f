"""What breaks between a watcher and its servers costs a delay, never an announcement."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import create_async_engine

from alembic_guard.channels import channel_for
from alembic_guard.ledger import Entry
from alembic_guard.live import AsyncSchemaWatcher, SchemaWatcher
from tests.fixtures.servers import Server
from tests.live.battery import build_models, create_tables
from tests.live.network import Broker, cut_off
from tests.live.stories import ensure_ledger, publish

DRIVERS = ["postgresql+psycopg", "postgresql+psycopg2", "mysql+pymysql"]
ASYNC_DRIVERS = ["postgresql+asyncpg", "postgresql+psycopg", "mysql+aiomysql"]
ENTRY = Entry("applied", touched=("other",))


@pytest.fixture(autouse=True)
def _impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, in less time."""
    monkeypatch.setattr("alembic_guard.live.connections.STATEMENT_SECONDS", 1.0)
    monkeypatch.setattr("alembic_guard.channels.postgresql.STATEMENT_SECONDS", 1.0)
    monkeypatch.setattr("alembic_guard.live.connections.CONNECT_SECONDS", 2)
    monkeypatch.setattr("alembic_guard.live.ears.QUIET_SECONDS", 0.2)
    monkeypatch.setattr("alembic_guard.live.async_ears.QUIET_SECONDS", 0.2)


# A connection whose network was cut cannot be closed, only forgotten.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def _forgotten_here() -> Iterator[None]:
    """What is forgotten is found while its warnings are expected, not during a later test."""
    yield
    gc.collect()


@pytest.fixture(params=["redis", "nats"], name="broker_kind")
def _broker_kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    pytest.importorskip(kind)
    return kind


@pytest.fixture(name="broker")
def _broker(broker_kind: str) -> Iterator[Broker]:
    with contextlib.ExitStack() as stack:
        try:
            broker = Broker(broker_kind, stack)
        except LookupError as error:
            pytest.skip(str(error))
        yield broker


@pytest.fixture(name="sqlite")
def _sqlite(new_database: Callable[..., URL]) -> Iterator[sa.Engine]:
    engine = sa.create_engine(new_database("sqlite"))
    create_tables(engine, "sqlite")
    ensure_ledger(engine)
    yield engine
    engine.dispose()


def prepared(new_database: Callable[..., URL], driver: str) -> tuple[sa.Engine, URL]:
    kind = "postgresql" if driver.startswith("postgresql") else "mariadb"
    url = new_database(kind)
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    create_tables(engine, kind)
    ensure_ledger(engine)
    return engine, url.set(drivername=driver)


def test_a_killed_broker_is_polled_around_and_heard_again(
    broker: Broker, sqlite: sa.Engine
) -> None:
    url = broker.url.render_as_string()
    with SchemaWatcher(sqlite, build_models().base, config=False, channel=url) as watcher:
        wait_until(lambda: watcher.is_hearing)
        broker.kill()
        wait_until(lambda: not watcher.is_hearing)
        assert watcher.wait_for(publish(sqlite, ENTRY), 20)

        broker.start()
        wait_until(lambda: watcher.is_hearing)
        epoch = publish(sqlite, ENTRY)
        channel_for(url).wake(epoch)
        assert watcher.wait_for(epoch, 20)


def test_a_broker_behind_a_silent_cut_is_noticed_and_heard_again(
    broker: Broker, sqlite: sa.Engine
) -> None:
    with cut_off(broker.url) as (proxy, url):
        options = {"config": False, "channel": url.render_as_string()}
        with SchemaWatcher(sqlite, build_models().base, **options) as watcher:
            wait_until(lambda: watcher.is_hearing)
            proxy.cut()
            wait_until(lambda: not watcher.is_hearing)
            assert watcher.wait_for(publish(sqlite, ENTRY), 20)

            proxy.heal()
            wait_until(lambda: watcher.is_hearing)


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_silently_cut_database_is_caught_up_with(
    driver: str, new_database: Callable[..., URL]
) -> None:
    admin, direct = prepared(new_database, driver)
    with cut_off(direct) as (proxy, url):
        engine = sa.create_engine(url)
        with SchemaWatcher(engine, build_models().base, config=False) as watcher:
            assert watcher.is_ready
            proxy.cut()
            epoch = publish(admin, ENTRY)
            assert not watcher.wait_for(epoch, 0.5)
            proxy.heal()
            assert watcher.wait_for(epoch, 30)
        engine.dispose(close=False)
    admin.dispose()


@pytest.mark.parametrize("driver", DRIVERS)
def test_an_application_starts_before_its_database_answers(
    driver: str, new_database: Callable[..., URL]
) -> None:
    admin, direct = prepared(new_database, driver)
    with cut_off(direct) as (proxy, url):
        proxy.cut()
        engine = sa.create_engine(url)
        with SchemaWatcher(engine, build_models().base, config=False) as watcher:
            assert watcher.report is not None
            assert watcher.report.state == "unknown"
            assert not watcher.is_ready
            proxy.heal()
            wait_until(lambda: watcher.is_ready)
        engine.dispose(close=False)
    admin.dispose()


@contextlib.asynccontextmanager
async def running(url: URL, **options: Any) -> AsyncIterator[AsyncSchemaWatcher]:
    engine = create_async_engine(url)
    async with AsyncSchemaWatcher(engine, build_models().base, config=False, **options) as watcher:
        yield watcher
    await engine.dispose(close=False)


def test_asyncio_is_polled_around_a_killed_broker(broker: Broker, sqlite: sa.Engine) -> None:
    async def story() -> None:
        url = sqlite.url.set(drivername="sqlite+aiosqlite")
        async with running(url, channel=broker.url.render_as_string()) as watcher:
            await until(lambda: watcher.is_hearing)
            await asyncio.to_thread(broker.kill)
            await until(lambda: not watcher.is_hearing)
            epoch = await asyncio.to_thread(publish, sqlite, ENTRY)
            assert await watcher.wait_for(epoch, 20)
            await asyncio.to_thread(broker.start)
            await until(lambda: watcher.is_hearing)

    asyncio.run(story())


@pytest.mark.parametrize("driver", ASYNC_DRIVERS)
def test_asyncio_catches_up_after_a_silent_cut(
    driver: str, new_database: Callable[..., URL]
) -> None:
    admin, direct = prepared(new_database, driver)

    async def story() -> None:
        with cut_off(direct) as (proxy, url):
            async with running(url) as watcher:
                assert watcher.is_ready
                proxy.cut()
                epoch = await asyncio.to_thread(publish, admin, ENTRY)
                assert not await watcher.wait_for(epoch, 0.5)
                proxy.heal()
                assert await watcher.wait_for(epoch, 30)

    asyncio.run(story())
    admin.dispose()


def test_a_listener_that_never_hears_is_polled_around(
    new_database: Callable[..., URL],
    monkeypatch: pytest.MonkeyPatch,
    server: Callable[[str], Server],
) -> None:
    """As through PgBouncer in transaction mode: LISTEN reaches another session than NOTIFY."""
    admin, url = prepared(new_database, "postgresql+psycopg")
    monkeypatch.setattr("alembic_guard.channels.postgresql.NOTIFY_CHANNEL", "never_notified")
    monkeypatch.setattr("alembic_guard.live.ears.PROBE_SECONDS", 0.0)
    engine = sa.create_engine(url)
    with SchemaWatcher(engine, build_models().base, config=False) as watcher:
        assert watcher.wait_for(publish(admin, ENTRY), 20)
        assert not watcher.is_hearing
    engine.dispose()
    admin.dispose()


def test_a_signal_wakes_a_watcher_s_thread(sqlite: sa.Engine, tmp_path: Path) -> None:
    """Its handler belongs to the main thread, and the watcher to another one."""
    url = f"signal://{tmp_path}/pids?signal=SIGUSR2"
    options = {"config": False, "channel": url, "poll": 60.0}
    with SchemaWatcher(sqlite, build_models().base, **options) as watcher:
        wait_until(lambda: watcher.is_hearing)
        epoch = publish(sqlite, ENTRY)
        channel_for(url).wake(epoch)
        assert watcher.wait_for(epoch, 30)


def test_a_program_may_wake_its_watcher_itself(sqlite: sa.Engine) -> None:
    options = {"config": False, "poll": 60.0}
    with SchemaWatcher(sqlite, build_models().base, **options) as watcher:
        epoch = publish(sqlite, ENTRY)
        watcher.wake()
        assert watcher.wait_for(epoch, 30)


def wait_until(is_true: Callable[[], bool], seconds: float = 40.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


async def until(is_true: Callable[[], bool], seconds: float = 40.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
