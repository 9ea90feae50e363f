"""End a wait for an answer that never comes: a silently cut network would block for minutes.

TCP itself gives up on unacknowledged data after about a quarter of an hour, keepalive does
not count meanwhile, and a proxy or a stopped server acknowledges and still never answers.
So a thread shuts the socket down, and the driver meets a closed connection.
"""

from __future__ import annotations

import contextlib
import contextvars
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from operator import attrgetter
from types import TracebackType
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

STATEMENT_SECONDS = 3.0
"""For one of our small statements; see `patient` for the others."""

TICK = 0.5

_patience = contextvars.ContextVar("alembic_guard_patience", default=0.0)


@contextlib.contextmanager
def patient(seconds: float = 60.0) -> Iterator[None]:
    """Within it statements may take `seconds`: a catalog of 68,000 tables takes six."""
    token = _patience.set(seconds)
    try:
        yield
    finally:
        _patience.reset(token)


class Watchdog:
    """Watches the statements of one connection: a context manager inside that connection's.

    :param connection: whose engine nobody else uses.
    :param seconds: how long a statement may take, unless it is `patient`.
    """

    def __init__(self, connection: sa.Connection, seconds: float = STATEMENT_SECONDS) -> None:
        self._engine = connection.engine
        self._seconds = seconds
        self._descriptor = descriptor_of(connection.connection.driver_connection)
        self._deadline: float | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alembic-guard-dog", daemon=True)

    def __enter__(self) -> Watchdog:
        if self._descriptor is not None:
            # a descriptor of our own: the driver may close its one, and the number be reused
            self._twin = socket.socket(fileno=os.dup(self._descriptor))
            for name, listener in self._listeners():
                event.listen(self._engine, name, listener)
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._descriptor is not None:
            self._done.set()
            self._thread.join()
            for name, listener in self._listeners():
                event.remove(self._engine, name, listener)
            self._twin.close()

    def _listeners(self) -> tuple[tuple[str, Callable[..., None]], ...]:
        return (
            ("before_cursor_execute", self._begin),
            ("after_cursor_execute", self._end),
            ("handle_error", self._fail),
        )

    def _begin(self, *_: Any) -> None:
        self._deadline = time.monotonic() + max(self._seconds, _patience.get())

    def _end(self, *_: Any) -> None:
        self._deadline = None

    def _fail(self, context: Any) -> None:
        """Errors are the dialect's events, which other engines share."""
        if context.engine is self._engine:
            self._deadline = None

    def _run(self) -> None:
        while not self._done.wait(TICK):
            deadline = self._deadline
            if deadline is not None and time.monotonic() > deadline:
                with contextlib.suppress(OSError):  # it is closed already
                    self._twin.shutdown(socket.SHUT_RDWR)
                return


_PATHS = (
    "fileno",  # psycopg, psycopg2, mysqlclient
    "_sock.fileno",  # PyMySQL
    "_usock.fileno",  # pg8000
)
_TRANSPORTS = ("_transport", "_writer.transport")  # asyncpg, aiomysql


def descriptor_of(driver_connection: Any) -> int | None:
    """The socket's number below a driver's connection; None where there is none, as in SQLite."""
    finders: list[Callable[[], int]] = [
        *(partial(_call, driver_connection, path) for path in _PATHS),
        *(partial(_socket_of, driver_connection, path) for path in _TRANSPORTS),
    ]
    for find in finders:
        with contextlib.suppress(Exception):
            number = int(find())
            if number >= 0:
                return number
    return None


def _call(connection: Any, path: str) -> int:
    return int(attrgetter(path)(connection)())


def _socket_of(connection: Any, path: str) -> int:
    return int(attrgetter(path)(connection).get_extra_info("socket").fileno())
