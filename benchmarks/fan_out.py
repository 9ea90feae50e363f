"""From a migration's commit until every watcher has acknowledged it.

    python benchmarks/fan_out.py [--rounds 20] [--counts 10 100 1000]

Watchers are simulated in one asyncio process: each has its own listener and does what a
watcher does on a wake-up, read the ledger from its cursor and acknowledge in the app table,
on a connection of its own (PostgreSQL transport) or on one of twenty (Redis, NATS), handed on
as it is: a real watcher has its own, which no pool resets. The row is written by `Announcer`,
as `upgrade` does it, from another thread. The clock starts before the COMMIT. PostgreSQL is
started here, with enough connections. Beside each figure: the same machine's bare NOTIFY
round trip, because a shared machine's figures mean little alone.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alembic_guard.channels import AsyncListener, channel_for
from alembic_guard.channels.base import parse_epoch
from alembic_guard.ledger import App, Entry, Ledger
from alembic_guard.ledger.apps import register
from alembic_guard.upgrade.announcing import Announcer
from tests.fixtures import servers

READ = "SELECT epoch, phase, changes, touched FROM alembic_guard_change WHERE epoch > $1"
ACKNOWLEDGE = (
    "UPDATE alembic_guard_app SET epoch = $1, state = 'current', error = NULL,"
    " heartbeat = extract(epoch FROM clock_timestamp()) WHERE instance = $2"
)
TARGETS = {10: (10, 50), 100: (60, 250), 1000: (None, 2000)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--counts", type=int, nargs="*", default=[10, 100, 1000])
    parser.add_argument("--transports", nargs="*", default=["postgresql", "redis", "nats"])
    args = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))
    with contextlib.ExitStack() as stack:
        url = start_postgresql(stack, max(args.counts) + 60)
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        stack.callback(engine.dispose)
        for transport in args.transports:
            broker = None
            if transport != "postgresql":
                server = servers.find_server(transport, stack)
                if isinstance(server, str):
                    print(f"{transport}: skipped, {server}")
                    continue
                broker = server.url.render_as_string(hide_password=False)
            for count in args.counts:
                prepare(engine, count)
                lag, alls, bare = asyncio.run(
                    measure(url, engine, broker, transport, count, args.rounds)
                )
                report(transport, count, lag, alls, bare)
    return 0


def start_postgresql(stack: contextlib.ExitStack, connections: int) -> URL:
    """A server of our own, because the usual hundred connections are not enough."""
    initdb = servers._binary("/usr/lib/postgresql/*/bin/initdb")
    if initdb is None:
        sys.exit("no initdb: install postgresql")
    folder, user, port = servers._folder(stack), servers._user("postgres"), servers.free_port()
    data = folder / "data"
    subprocess.run(
        [initdb, "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync"],
        user=user, cwd=folder, capture_output=True, check=True,
    )  # fmt: skip
    command = [
        str(Path(initdb).with_name("postgres")), "-D", str(data), "-F", "-p", str(port),
        "-k", str(folder), "-c", "listen_addresses=127.0.0.1",
        "-c", f"max_connections={connections}",
    ]  # fmt: skip
    process = servers._spawn(command, stack, user, folder)
    url = make_url(f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres")
    server = servers._wait("postgresql", url, process)
    if isinstance(server, str):
        sys.exit(server)
    return server.url


def prepare(engine: sa.Engine, count: int) -> None:
    """An empty ledger and `count` registered apps."""
    ledger = Ledger()
    with engine.connect() as connection:
        ledger.ensure(connection)
        connection.execute(sa.delete(ledger.tables.app))
        for number in range(count):
            app = App(f"w{number}", "bench", "host", number, state="current", ttl=600)
            register(connection, app)
        connection.exec_driver_sql("VACUUM ANALYZE alembic_guard_app")


class Fleet:
    """All simulated watchers, and when each has acknowledged which epoch."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.acknowledged: dict[int, list[float]] = {}
        self.everybody = asyncio.Event()
        self.awaited = 0

    async def work(self, connection: Any, number: int, cursor: int) -> int:
        rows = await connection.fetch(READ, cursor)
        if not rows:
            return cursor
        epoch = rows[-1]["epoch"]
        await connection.execute(ACKNOWLEDGE, epoch, f"w{number}")
        times = self.acknowledged.setdefault(epoch, [])
        times.append(time.perf_counter())
        if epoch == self.awaited and len(times) == self.count:
            self.everybody.set()
        return int(epoch)


async def measure(
    url: URL, engine: sa.Engine, broker: str | None, transport: str, count: int, rounds: int
) -> tuple[list[float], list[float], float]:
    fleet = Fleet(count)
    ledger = Ledger()
    announcer = Announcer(ledger, [broker] if broker else [])
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with engine.connect() as connection:
        cursor = ledger.newest_epoch(connection)
    lag: list[float] = []
    alls: list[float] = []
    async with watchers(fleet, dsn, broker, count, cursor):
        # the first round is not counted: a watcher has read the ledger before it serves
        for number in range(rounds + 1):
            fleet.everybody.clear()
            fleet.awaited = cursor + 1
            began, cursor = await asyncio.to_thread(publish, engine, announcer)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(fleet.everybody.wait(), 30)
            if number == 0:
                continue
            times = [moment - began for moment in fleet.acknowledged.get(cursor, [])]
            lag += times + [float("inf")] * (count - len(times))
            alls.append(max(times, default=float("inf")))
            await asyncio.sleep(0.05)
    announcer.close()
    return lag, alls, await bare_round_trip(dsn)


def publish(engine: sa.Engine, announcer: Announcer) -> tuple[float, int]:
    """What `upgrade` does: row and NOTIFY in one transaction, brokers after its commit."""
    with engine.execution_options(isolation_level="READ COMMITTED").connect() as connection:
        epoch = announcer.append(connection, Entry("applied", touched=("sessions",)))
        began = time.perf_counter()
        connection.commit()
    announcer.wake(epoch)
    return began, epoch


@contextlib.asynccontextmanager
async def watchers(
    fleet: Fleet, dsn: str, broker: str | None, count: int, cursor: int
) -> AsyncIterator[None]:
    async with contextlib.AsyncExitStack() as stack:
        if broker is None:
            await notify_watchers(stack, fleet, dsn, count, cursor)
        else:
            await broker_watchers(stack, fleet, dsn, broker, count, cursor)
        yield


async def notify_watchers(
    stack: contextlib.AsyncExitStack, fleet: Fleet, dsn: str, count: int, cursor: int
) -> None:
    for number in range(count):
        connection = await asyncpg.connect(dsn)
        stack.push_async_callback(connection.close)
        wake = asyncio.Event()
        await connection.add_listener("alembic_guard", waker(wake))
        task = asyncio.create_task(follow_event(fleet, connection, number, cursor, wake))
        stack.callback(task.cancel)


def waker(wake: asyncio.Event) -> Callable[..., None]:
    def on_notify(connection: Any, pid: int, channel: str, payload: str) -> None:
        if parse_epoch(payload) is not None:
            wake.set()

    return on_notify


async def follow_event(
    fleet: Fleet, connection: Any, number: int, cursor: int, wake: asyncio.Event
) -> None:
    while True:
        await wake.wait()
        wake.clear()
        cursor = await fleet.work(connection, number, cursor)


async def broker_watchers(
    stack: contextlib.AsyncExitStack, fleet: Fleet, dsn: str, broker: str, count: int, cursor: int
) -> None:
    idle: asyncio.Queue[Any] = asyncio.Queue()
    for _ in range(20):
        connection = await asyncpg.connect(dsn)
        stack.push_async_callback(connection.close)
        idle.put_nowait(connection)
    channel = channel_for(broker)
    for number in range(count):
        listener = await stack.enter_async_context(channel.listen_async())
        task = asyncio.create_task(follow_listener(fleet, idle, number, cursor, listener))
        stack.callback(task.cancel)


async def follow_listener(
    fleet: Fleet, idle: asyncio.Queue[Any], number: int, cursor: int, listener: AsyncListener
) -> None:
    while True:
        if await listener.wait(60) is not None:
            connection = await idle.get()
            cursor = await fleet.work(connection, number, cursor)
            idle.put_nowait(connection)


async def bare_round_trip(dsn: str) -> float:
    """Median seconds of one NOTIFY to oneself."""
    connection = await asyncpg.connect(dsn)
    heard = asyncio.Event()
    await connection.add_listener("bare", lambda *_: heard.set())
    seconds = []
    for _ in range(50):
        heard.clear()
        began = time.perf_counter()
        await connection.execute("NOTIFY bare")
        await heard.wait()
        seconds.append(time.perf_counter() - began)
    await connection.close()
    return statistics.median(seconds)


def report(transport: str, count: int, lag: list[float], alls: list[float], bare: float) -> None:
    ordered = sorted(lag)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    lost = sum(value == float("inf") for value in lag)
    targets = TARGETS.get(count)
    aim = f"  (aim p50 {targets[0]}, p99 {targets[1]} ms)" if targets else ""
    print(
        f"{transport:10} {count:5} watchers: acknowledged p50 {statistics.median(ordered) * 1e3:.1f}"
        f" p99 {p99 * 1e3:.1f} ms; all p50 {statistics.median(alls) * 1e3:.1f}"
        f" max {max(alls) * 1e3:.1f} ms; lost {lost}; bare NOTIFY {bare * 1e3:.2f} ms{aim}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
