"""PostgreSQL NOTIFY, through whatever driver the engine has: psycopg 3, psycopg2 or asyncpg.

The notification is sent with the ledger row, in its transaction, and delivered at commit.
A listener's connection is its own and autocommit. LISTEN is impossible on a replica, and
PgBouncer in transaction mode accepts it silently without ever delivering: `probe` tells.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import select
import socket
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa

from ..ledger.connections import is_async_engine, twin_engine
from .base import NOTIFY_CHANNEL, ChannelError, parse_epoch
from .watchdog import STATEMENT_SECONDS, Watchdog

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

KEEPALIVE = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}
SYNC_DRIVERS = frozenset({"psycopg", "psycopg2"})
ASYNC_DRIVERS = frozenset({"psycopg", "asyncpg"})

Heard = tuple[str, str]


class PostgresChannel:
    """Wake-ups through the database itself.

    :param engine: an `Engine` for `wake` and `listen`, an `AsyncEngine` for `listen_async`.
    """

    name = "postgresql"

    def __init__(self, engine: sa.Engine | AsyncEngine) -> None:
        self._engine = engine

    def wake(self, epoch: int) -> None:
        """Send the NOTIFY by itself, for a row that was written without one."""
        if not isinstance(self._engine, sa.Engine):
            raise ChannelError("an asyncio engine cannot wake from synchronous code")
        with _as_channel_error(), self._engine.connect() as connection:
            connection.execute(sa.select(sa.func.pg_notify(NOTIFY_CHANNEL, str(epoch))))
            connection.commit()

    def listen(self) -> PostgresListener:
        """A listener for a thread."""
        assert isinstance(self._engine, sa.Engine)
        return PostgresListener(self._engine)

    def listen_async(self) -> AsyncPostgresListener:
        """A listener for asyncio."""
        assert is_async_engine(self._engine)
        return AsyncPostgresListener(self._engine)

    def close(self) -> None:
        """Nothing is kept open."""


def can_listen(engine: sa.Engine | AsyncEngine) -> bool:
    """Whether the engine's driver lets us hear notifications."""
    drivers = SYNC_DRIVERS if isinstance(engine, sa.Engine) else ASYNC_DRIVERS
    return engine.dialect.name == "postgresql" and engine.dialect.driver in drivers


class _Mailbox(Protocol):
    """What one driver's connection has received."""

    def fileno(self) -> int: ...

    def receive(self) -> list[Heard]: ...


class _Psycopg:
    """Below psycopg's `notifies()` generator, which another thread cannot interrupt."""

    def __init__(self, connection: Any) -> None:
        self._pgconn = connection.pgconn
        self._backlog: list[Heard] = []
        connection.add_notify_handler(self._on_notify)

    def _on_notify(self, notify: Any) -> None:
        """What psycopg itself met while it read another answer."""
        self._backlog.append((notify.channel, notify.payload))

    def fileno(self) -> int:
        return int(self._pgconn.socket)

    def receive(self) -> list[Heard]:
        self._pgconn.consume_input()
        heard, self._backlog = self._backlog, []
        while (notify := self._pgconn.notifies()) is not None:
            heard.append((notify.relname.decode(), notify.extra.decode()))
        return heard


class _Psycopg2:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def fileno(self) -> int:
        return int(self._connection.fileno())

    def receive(self) -> list[Heard]:
        self._connection.poll()
        heard = [(notify.channel, notify.payload) for notify in self._connection.notifies]
        self._connection.notifies.clear()
        return heard


class PostgresListener:
    """Hears notifications on a connection of its own."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> PostgresListener:
        with _as_channel_error(), self._stack:
            twin = twin_engine(self._engine)
            self._stack.callback(twin.dispose)
            raw = self._stack.enter_context(twin.connect())
            self._stack.enter_context(Watchdog(raw, STATEMENT_SECONDS))
            self._connection = raw.execution_options(isolation_level="AUTOCOMMIT")
            self._connection.exec_driver_sql(f"LISTEN {NOTIFY_CHANNEL}")
            driver_connection = self._connection.connection.driver_connection
            is_psycopg2 = self._engine.dialect.driver == "psycopg2"
            self._mailbox: _Mailbox = (_Psycopg2 if is_psycopg2 else _Psycopg)(driver_connection)
            _keep_alive(self._mailbox.fileno())
            self._wake_reader, self._wake_writer = socket.socketpair()
            self._stack.callback(self._wake_reader.close)
            self._stack.callback(self._wake_writer.close)
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(Exception):
            # UNLISTEN is not needed: the session ends here
            self._connection.invalidate()
        self._stack.close()

    def wait(self, timeout: float) -> int | None:
        """Block for at most `timeout` seconds; the newest epoch heard, or None."""
        deadline = time.monotonic() + timeout
        while True:
            left = max(deadline - time.monotonic(), 0.0)
            heard, was_interrupted = self._receive(left)
            epochs = [parse_epoch(text) for name, text in heard if name == NOTIFY_CHANNEL]
            newest = max((epoch for epoch in epochs if epoch is not None), default=None)
            if newest is not None or was_interrupted or not left:
                return newest

    def _receive(self, timeout: float) -> tuple[list[Heard], bool]:
        """What arrived within `timeout`, and whether `interrupt` was called."""
        with _as_channel_error():
            # a notification that came along with another answer is already in the mailbox
            heard = self._mailbox.receive()
            if heard:
                return heard, False
            sources = [self._mailbox.fileno(), self._wake_reader.fileno()]
            ready, _, _ = select.select(sources, [], [], timeout)
            if sources[1] in ready:
                self._wake_reader.recv(4096)
            return self._mailbox.receive() if sources[0] in ready else [], sources[1] in ready

    def interrupt(self) -> None:
        """Make a `wait` in another thread return."""
        with contextlib.suppress(OSError, AttributeError):
            self._wake_writer.send(b"x")

    def probe(self, timeout: float) -> bool:
        """Notify ourselves on a channel nobody else listens to."""
        name = f"{NOTIFY_CHANNEL}_{secrets.token_hex(6)}"
        with _as_channel_error():
            self._connection.exec_driver_sql(f"LISTEN {name}")
            self._connection.exec_driver_sql(f"NOTIFY {name}")
            deadline = time.monotonic() + timeout
            while (left := deadline - time.monotonic()) > 0:
                heard, _ = self._receive(left)
                if any(channel == name for channel, _ in heard):
                    self._connection.exec_driver_sql(f"UNLISTEN {name}")
                    return True
        return False


class AsyncPostgresListener:
    """Hears notifications on a connection of its own, in the running event loop."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._heard: asyncio.Queue[Heard | Exception] = asyncio.Queue()
        self._mailbox: _Psycopg
        self._descriptor: int | None = None

    async def __aenter__(self) -> AsyncPostgresListener:
        with _as_channel_error():
            self._twin = type(self._engine)(twin_engine(self._engine.sync_engine))
            try:
                raw = await self._twin.connect()
                self._connection = await raw.execution_options(isolation_level="AUTOCOMMIT")
                fairy = await self._connection.get_raw_connection()
                self._driver: Any = fairy.driver_connection
                await self._connection.exec_driver_sql("SELECT 1")
                await self._subscribe(NOTIFY_CHANNEL)
            except BaseException:
                await self._twin.dispose()
                raise
        return self

    async def _subscribe(self, channel: str) -> None:
        if self._engine.dialect.driver == "asyncpg":
            await self._driver.add_listener(channel, self._on_notify)
            if channel == NOTIFY_CHANNEL:
                self._driver.add_termination_listener(self._on_end)
            return
        if channel == NOTIFY_CHANNEL:
            _keep_alive(self._driver.pgconn.socket)
            self._mailbox = _Psycopg(self._driver)
        await self._execute(f"LISTEN {channel}")

    async def _execute(self, sql: str) -> None:
        """Run a statement; psycopg takes our reader off the event loop while it waits."""
        await self._connection.exec_driver_sql(sql)
        if self._engine.dialect.driver != "asyncpg":
            self._descriptor = self._mailbox.fileno()
            asyncio.get_running_loop().add_reader(self._descriptor, self._on_readable)
            self._on_readable()

    def _on_notify(self, connection: Any, pid: int, channel: str, payload: str) -> None:
        self._heard.put_nowait((channel, payload))

    def _on_end(self, connection: Any) -> None:
        self._heard.put_nowait(ChannelError("the server closed the listener's connection"))

    def _on_readable(self) -> None:
        try:
            for item in self._mailbox.receive():
                self._heard.put_nowait(item)
        except Exception as error:
            self._stop_reading()
            self._heard.put_nowait(ChannelError(str(error).strip()))

    def _stop_reading(self) -> None:
        """Give up the number of the socket: once libpq has closed it, others may get it."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with contextlib.suppress(Exception):
                asyncio.get_running_loop().remove_reader(descriptor)

    async def __aexit__(self, *_: object) -> None:
        with contextlib.suppress(Exception):
            if self._engine.dialect.driver != "asyncpg":
                self._stop_reading()
            await self._connection.invalidate()
            await self._connection.close()
        with contextlib.suppress(Exception):
            await self._twin.dispose()

    async def wait(self, timeout: float) -> int | None:
        """The newest epoch heard within `timeout` seconds, or None."""
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            item = await self._next(left)
            if item is None:
                return None
            items = [item, *self._pending()]
            epochs = [parse_epoch(text) for name, text in items if name == NOTIFY_CHANNEL]
            newest = max((epoch for epoch in epochs if epoch is not None), default=None)
            if newest is not None:
                return newest
        return None

    async def _next(self, timeout: float) -> Heard | None:
        try:
            item = await asyncio.wait_for(self._heard.get(), timeout)
        except asyncio.TimeoutError:
            return None
        if isinstance(item, Exception):
            raise item
        return item

    def _pending(self) -> Iterator[Heard]:
        while not self._heard.empty():
            item = self._heard.get_nowait()
            if isinstance(item, Exception):
                raise item
            yield item

    async def probe(self, timeout: float) -> bool:
        """Notify ourselves on a channel nobody else listens to."""
        name = f"{NOTIFY_CHANNEL}_{secrets.token_hex(6)}"
        kept: list[Heard] = []
        found = False
        with _as_channel_error():
            await self._subscribe(name)
            await self._execute(f"NOTIFY {name}")
            deadline = time.monotonic() + timeout
            while not found and (left := deadline - time.monotonic()) > 0:
                item = await self._next(left)
                if item is not None and item[0] == name:
                    found = True
                elif item is not None:
                    kept.append(item)
        for item in kept:
            self._heard.put_nowait(item)
        return found


@contextlib.contextmanager
def _as_channel_error() -> Iterator[None]:
    """Every driver's own errors, as the one error a listener's owner handles."""
    try:
        yield
    except ChannelError:
        raise
    except Exception as error:
        raise ChannelError(f"{type(error).__name__}: {str(error).strip()}") from error


def _keep_alive(descriptor: int) -> None:
    """Let the kernel notice a silently cut connection within half a minute."""
    with contextlib.suppress(OSError):
        twin = socket.socket(fileno=os.dup(descriptor))
        try:
            twin.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for name, seconds in KEEPALIVE.items():
                if hasattr(socket, name):
                    twin.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), seconds)
        finally:
            twin.close()
