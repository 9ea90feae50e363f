"""Announcements that reach every watcher although listeners are killed and the server restarts.

    python benchmarks/lost_announcements.py [--kills 100] [--restarts 10] [--outages 10]
        [--cuts 10] [--watchers 4]

Real `SchemaWatcher` threads on a PostgreSQL server started here. Before every announcement
all other sessions are terminated; then the server is restarted between announcements. Beside
them naive listeners do what is usual: LISTEN, count what arrives, connect again when cut.
Then the brokers, Redis and NATS servers started here, are killed with SIGKILL, announced
without, and started again; and the network between watchers and database is cut without a
reset, announced during the cut, and healed: connections from before it stay silent for
ever. Exits 1 if a watcher has not got to the last epoch.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alembic_guard.ledger import Entry, Ledger
from alembic_guard.live import SchemaWatcher
from alembic_guard.upgrade.announcing import Announcer
from tests.fixtures import servers
from tests.live.network import Broker, cut_off

CAUGHT_UP_SECONDS = 40
PINGS = sa.Table("pings", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))


class Postgres:
    """A server of our own that can be restarted in place."""

    def __init__(self, stack: contextlib.ExitStack) -> None:
        initdb = servers._binary("/usr/lib/postgresql/*/bin/initdb")
        if initdb is None:
            sys.exit("no initdb: install postgresql")
        self._folder, self._user = servers._folder(stack), servers._user("postgres")
        data = self._folder / "data"
        subprocess.run(
            [initdb, "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync"],
            user=self._user, cwd=self._folder, capture_output=True, check=True,
        )  # fmt: skip
        port = servers.free_port()
        self._command = [
            str(Path(initdb).with_name("postgres")), "-D", str(data), "-F", "-p", str(port),
            "-k", str(self._folder), "-c", "listen_addresses=127.0.0.1",
        ]  # fmt: skip
        self.url: URL = make_url(f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres")
        self._stack = contextlib.ExitStack()
        stack.callback(self._stack.close)
        self.start()

    def start(self) -> None:
        self._process = servers._spawn(self._command, self._stack, self._user, self._folder)
        found = servers._wait("postgresql", self.url, self._process)
        if isinstance(found, str):
            sys.exit(found)

    def restart(self) -> None:
        """As an operator restarts it: sessions are cut, committed rows stay."""
        os.kill(self._process.pid, signal.SIGINT)
        self._process.wait(30)
        self.start()


class NaiveListener(threading.Thread):
    """LISTEN without a ledger: what is sent while it is away is lost."""

    def __init__(self, url: URL) -> None:
        super().__init__(daemon=True)
        self._dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self.heard = 0
        self.is_stopped = False

    def run(self) -> None:
        while not self.is_stopped:
            try:
                with psycopg.connect(self._dsn, autocommit=True) as connection:
                    connection.execute("LISTEN alembic_guard")
                    while not self.is_stopped:
                        self.heard += len(list(connection.notifies(timeout=0.2)))
            except psycopg.Error:
                time.sleep(0.2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--restarts", type=int, default=10)
    parser.add_argument("--outages", type=int, default=10, help="of each broker")
    parser.add_argument("--cuts", type=int, default=10, help="of the network")
    parser.add_argument("--watchers", type=int, default=4)
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    lost = 0
    with contextlib.ExitStack() as stack:
        server = Postgres(stack)
        engine = sa.create_engine(
            server.url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool
        )
        with engine.connect() as connection:
            Ledger().ensure(connection)
            PINGS.metadata.create_all(connection)
        lost += _kills_and_restarts(server, engine, args)
        for kind in ("redis", "nats") if args.outages else ():
            lost += _outages(kind, server, engine, args)
        lost += _cuts(server, engine, args) if args.cuts else 0
    return 1 if lost else 0


def _kills_and_restarts(server: Postgres, engine: sa.Engine, args: argparse.Namespace) -> int:
    naive = NaiveListener(server.url)
    naive.start()
    with contextlib.ExitStack() as stack:
        watchers = [_watcher(server.url, number, stack) for number in range(args.watchers)]
        time.sleep(1)
        late: list[float] = []
        for number in range(args.kills):
            sent = _announce(engine, kill=True)
            late += _catch_up(watchers, sent) if number % 10 == 9 else []
            time.sleep(0.1)
        lost = _report(f"{args.kills} x all listeners killed", watchers, sent, late)
        late = []
        for _ in range(args.restarts):
            server.restart()
            sent = _announce(engine, kill=False)
            late += _catch_up(watchers, sent)
        lost += _report(f"{args.restarts} x server restarted", watchers, sent, late)
    naive.is_stopped = True
    print(f"beside it, LISTEN alone: heard {naive.heard} of {args.kills + args.restarts}")
    return lost


def _outages(kind: str, server: Postgres, engine: sa.Engine, args: argparse.Namespace) -> int:
    """Announcements while the broker is dead, and when it is back."""
    with contextlib.ExitStack() as stack:
        try:
            broker = Broker(kind, stack)
        except LookupError as error:
            print(f"{kind}: skipped, {error}")
            return 0
        url = broker.url.render_as_string()
        watchers = [
            _watcher(server.url, number, stack, channel=url) for number in range(args.watchers)
        ]
        _until_hearing(watchers)
        without: list[float] = []
        heard: list[float] = []
        back: list[float] = []
        for _ in range(args.outages):
            broker.kill()
            sent = _announce(engine, kill=False, broker=url)
            without += _catch_up(watchers, sent)
            broker.start()
            back += _until_hearing(watchers)
            sent = _announce(engine, kill=False, broker=url)
            heard += _catch_up(watchers, sent)
        what = f"{args.outages} x {kind} killed and started"
        lost = _report(f"{what}, announced without it", watchers, sent, without)
        lost += _report(f"{what}, announced through it", watchers, sent, heard)
        print(
            f"{what}: heard again p50 {statistics.median(back):.2f} s, max {max(back):.2f} s"
            f" after it was back; {len([s for s in back if s == float('inf')])} never",
            flush=True,
        )
    return lost


def _cuts(server: Postgres, engine: sa.Engine, args: argparse.Namespace) -> int:
    """Announcements during a silent cut of the network; the clock starts when it heals."""
    with contextlib.ExitStack() as stack:
        proxy, url = stack.enter_context(cut_off(server.url))
        watchers = [_watcher(url, number, stack) for number in range(args.watchers)]
        _until_hearing(watchers)
        late: list[float] = []
        for number in range(args.cuts):
            proxy.cut()
            sent = _announce(engine, kill=False)
            time.sleep(1 + 2 * number)  # shorter and longer than it takes to notice
            proxy.heal()
            late += _catch_up(watchers, sent)
            _until_hearing(watchers)
        return _report(
            f"{args.cuts} x network cut silently for 1 to {2 * args.cuts - 1} s",
            watchers, sent, late,
        )  # fmt: skip


def _watcher(
    url: URL, number: int, stack: contextlib.ExitStack, channel: str = "auto"
) -> SchemaWatcher:
    engine = sa.create_engine(url, pool_size=1)
    watcher = SchemaWatcher(
        engine, PINGS.metadata, name=f"watcher-{number}", config=False, channel=channel
    )
    watcher.start()
    stack.callback(engine.dispose)
    stack.callback(watcher.stop)
    return watcher


def _announce(engine: sa.Engine, *, kill: bool, broker: str | None = None) -> int:
    with engine.connect() as connection:
        if kill:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        announcer = Announcer(Ledger(), [broker] if broker else [])
        epoch = announcer.append(connection, Entry("applied", touched=("pings",)))
    announcer.wake(epoch)
    announcer.close()
    return epoch


def _until_hearing(watchers: list[SchemaWatcher]) -> list[float]:
    """Seconds until each watcher hears wake-ups."""
    began = time.monotonic()
    seconds = []
    for watcher in watchers:
        while not watcher.is_hearing and time.monotonic() - began < CAUGHT_UP_SECONDS:
            time.sleep(0.01)
        seconds.append(time.monotonic() - began if watcher.is_hearing else float("inf"))
    return seconds


def _catch_up(watchers: list[SchemaWatcher], epoch: int) -> list[float]:
    """Seconds until each watcher is at `epoch`."""
    began = time.monotonic()
    seconds = []
    for watcher in watchers:
        watcher.wait_for(epoch, timeout=CAUGHT_UP_SECONDS)
        seconds.append(time.monotonic() - began)
    return seconds


def _behind(watchers: list[SchemaWatcher], epoch: int) -> int:
    _catch_up(watchers, epoch)
    return sum(watcher.epoch < epoch for watcher in watchers)


def _report(what: str, watchers: list[SchemaWatcher], sent: int, late: list[float]) -> int:
    behind = _behind(watchers, sent)
    print(
        f"{what}: {behind} of {len(watchers)} watchers behind epoch {sent}; caught up p50"
        f" {statistics.median(late):.2f} s, max {max(late):.2f} s",
        flush=True,
    )
    return behind


if __name__ == "__main__":
    sys.exit(main())
