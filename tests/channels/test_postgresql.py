"""NOTIFY through each driver: heard at commit, probed, interrupted, and broken."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import create_async_engine

from alembic_guard.channels import ChannelError
from alembic_guard.channels.postgresql import PostgresChannel, can_listen

pytestmark = pytest.mark.postgresql


@pytest.fixture(name="url")
def _url(new_database: Callable[..., URL]) -> URL:
    return new_database("postgresql")


@pytest.fixture(name="admin")
def _admin(url: URL) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(params=["psycopg", "psycopg2"], name="channel")
def _channel(request: pytest.FixtureRequest, url: URL) -> Iterator[PostgresChannel]:
    pytest.importorskip(request.param)
    engine = sa.create_engine(url.set(drivername=f"postgresql+{request.param}"), pool_size=1)
    assert can_listen(engine)
    yield PostgresChannel(engine)
    engine.dispose()


def notify(connection: sa.Connection, payload: str) -> None:
    connection.execute(sa.select(sa.func.pg_notify("alembic_guard", payload)))


def kill_listeners(connection: sa.Connection) -> None:
    connection.exec_driver_sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def test_a_burst_is_heard_once_as_its_newest_epoch(
    channel: PostgresChannel, admin: sa.Connection
) -> None:
    with channel.listen() as listener:
        admin.exec_driver_sql(
            "SELECT pg_notify('alembic_guard', n::text) FROM generate_series(1, 5) n"
        )

        assert listener.wait(5) == 5
        assert listener.wait(0.05) is None


def test_a_forged_payload_is_not_an_epoch(channel: PostgresChannel, admin: sa.Connection) -> None:
    with channel.listen() as listener:
        notify(admin, "'; DROP TABLE sessions; --")
        notify(admin, "12")

        assert listener.wait(5) == 12


def test_a_listener_that_can_hear_passes_its_probe(channel: PostgresChannel) -> None:
    with channel.listen() as listener:
        assert listener.probe(5)


def test_a_wait_is_interrupted_from_another_thread(channel: PostgresChannel) -> None:
    with channel.listen() as listener:
        timer = threading.Timer(0.05, listener.interrupt)
        timer.start()

        assert listener.wait(60) is None
        timer.join()


def test_a_killed_listener_says_so(channel: PostgresChannel, admin: sa.Connection) -> None:
    with channel.listen() as listener:
        kill_listeners(admin)
        with pytest.raises(ChannelError):
            listener.wait(10)


def test_a_wake_reaches_a_listener_of_another_engine(channel: PostgresChannel) -> None:
    with channel.listen() as listener:
        channel.wake(77)

        assert listener.wait(5) == 77


def test_a_server_that_is_not_there_is_a_channel_error(url: URL) -> None:
    engine = sa.create_engine(url.set(port=1))
    with pytest.raises(ChannelError), PostgresChannel(engine).listen():
        pass


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
def test_asyncio_hears_probes_and_notices_a_kill(
    driver: str, url: URL, admin: sa.Connection
) -> None:
    async def listen() -> list[object]:
        engine = create_async_engine(url.set(drivername=f"postgresql+{driver}"), pool_size=1)
        heard: list[object] = []
        try:
            async with PostgresChannel(engine).listen_async() as listener:
                heard.append(await listener.probe(5))
                await asyncio.to_thread(notify, admin, "41")
                await asyncio.to_thread(notify, admin, "42")
                heard.append(await listener.wait(5))
                heard.append(await listener.wait(0.05))
                await asyncio.to_thread(kill_listeners, admin)
                with pytest.raises(ChannelError):
                    await listener.wait(10)
        finally:
            await engine.dispose()
        return heard

    probed, newest, nothing = asyncio.run(listen())

    assert probed is True
    assert newest in (41, 42)
    assert nothing is None or newest == 41


def test_a_killed_listener_leaves_the_number_of_its_socket_to_others(
    url: URL, admin: sa.Connection
) -> None:
    """libpq has closed the socket by itself; the event loop must not go on watching its number."""

    async def watched_after_a_kill() -> tuple[int, bool]:
        engine = create_async_engine(url.set(drivername="postgresql+psycopg"))
        loop = asyncio.get_running_loop()
        async with PostgresChannel(engine).listen_async() as listener:
            descriptor = listener._mailbox.fileno()
            await asyncio.to_thread(kill_listeners, admin)
            with pytest.raises(ChannelError):
                await listener.wait(10)
            was_watched = loop.remove_reader(descriptor)
        await engine.dispose()
        return descriptor, bool(was_watched)

    descriptor, was_watched = asyncio.run(watched_after_a_kill())

    assert descriptor > 0
    assert not was_watched
