"""One migration of a database at a time, however many replicas start one.

PostgreSQL: a session-level advisory lock (a transaction-level one would be lost in
``autocommit_block``). MySQL and MariaDB: ``GET_LOCK``. SQLite: an operating-system lock on
a file beside the database, because a database lock held across the run would keep the apps
from acknowledging. All three are freed when the holder dies, however it dies.
"""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from ..errors import MigrationLocked
from ..ledger.identity import sqlite_file
from .progress import Progress

FIRST_PAUSE, LONGEST_PAUSE = 0.02, 0.25


class Lock(Protocol):
    """One database's migration lock."""

    def try_acquire(self) -> bool: ...

    def release(self) -> None: ...

    def holder(self) -> str: ...


def whoami(purpose: str) -> str:
    """This process as the holder of a lock: ``alembic-guard upgrade, ann@web-1, pid 4711``."""
    return f"alembic-guard {purpose}, {author()}, pid {os.getpid()}"


def author() -> str:
    """Who runs the migration: user and host."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):
        # a container's user often has no name
        user = str(os.getuid()) if hasattr(os, "getuid") else "unknown"
    return f"{user}@{socket.gethostname()}"


def lock_for(side: sa.Connection, key: str, me: str) -> Lock:
    """The lock that `key` (the version table) names in the database of `side`."""
    name = side.dialect.name
    if name == "postgresql":
        return AdvisoryLock(side, key)
    if name in ("mysql", "mariadb"):
        return NamedLock(side, key)
    path = sqlite_file(side)
    return FileLock(Path(path), me) if path else NoLock()


@contextlib.contextmanager
def held(lock: Lock, wait_seconds: float) -> Iterator[None]:
    """Hold the lock, waiting for at most `wait_seconds`.

    :raises MigrationLocked: naming who holds it.
    """
    _acquire(lock, wait_seconds)
    try:
        yield
    finally:
        lock.release()


def _acquire(lock: Lock, wait_seconds: float) -> None:
    pause = FIRST_PAUSE
    with Progress() as progress:
        while not lock.try_acquire():
            holder = lock.holder()
            if progress.elapsed >= wait_seconds:
                raise MigrationLocked(
                    f"another migration of this database is running: {holder}. Gave up after "
                    f"{progress.elapsed:.0f} s; wait longer with `-x lock-wait=SECONDS`.",
                    holder=holder,
                    waited=progress.elapsed,
                )
            progress.show(f"Waiting for another migration: {holder}")
            time.sleep(min(pause, max(wait_seconds - progress.elapsed, 0.001)))
            pause = min(pause * 1.5, LONGEST_PAUSE)


class NoLock:
    """For a database in memory, which no other process can see."""

    def try_acquire(self) -> bool:
        return True

    def release(self) -> None:
        pass

    def holder(self) -> str:
        return "nobody"


class AdvisoryLock:
    """PostgreSQL: a session-level advisory lock, scoped to the database by the server."""

    def __init__(self, side: sa.Connection, key: str) -> None:
        self._side = side
        digest = hashlib.sha256(f"alembic_guard:{key}".encode()).digest()
        self._high = int.from_bytes(digest[:4], "big", signed=True)
        self._low = int.from_bytes(digest[4:8], "big", signed=True)

    def try_acquire(self) -> bool:
        query = f"SELECT pg_try_advisory_lock({self._high}, {self._low})"
        return bool(self._side.exec_driver_sql(query).scalar())

    def release(self) -> None:
        with contextlib.suppress(sa.exc.DBAPIError):
            self._side.exec_driver_sql(f"SELECT pg_advisory_unlock({self._high}, {self._low})")

    def holder(self) -> str:
        query = f"""
            SELECT a.pid, a.application_name, host(a.client_addr),
              round(extract(epoch FROM clock_timestamp() - a.backend_start))
            FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
            AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND l.classid::bigint = {self._high % 2**32} AND l.objid::bigint = {self._low % 2**32}
        """
        row = self._side.exec_driver_sql(query).first()
        if row is None:
            return "it has just ended"
        pid, name, address, seconds = row
        where = address or "a local socket"
        return f"{name or 'unnamed session'} (server process {pid}, from {where}, for {seconds} s)"


class NamedLock:
    """MySQL and MariaDB: ``GET_LOCK`` is per server, so the name includes the schema."""

    def __init__(self, side: sa.Connection, key: str) -> None:
        self._side = side
        database = side.exec_driver_sql("SELECT DATABASE()").scalar()
        digest = hashlib.sha256(f"{database}:{key}".encode()).hexdigest()
        self._name = f"alembic_guard:{digest[:40]}"

    def try_acquire(self) -> bool:
        query = f"SELECT GET_LOCK('{self._name}', 0)"
        return self._side.exec_driver_sql(query).scalar() == 1

    def release(self) -> None:
        with contextlib.suppress(sa.exc.DBAPIError):
            self._side.exec_driver_sql(f"SELECT RELEASE_LOCK('{self._name}')")

    def holder(self) -> str:
        query = (
            "SELECT id, user, host, time FROM information_schema.processlist"
            f" WHERE id = IS_USED_LOCK('{self._name}')"
        )
        row = self._side.exec_driver_sql(query).first()
        if row is None:
            return "it has just ended, or belongs to a user whose sessions we may not see"
        identifier, user, host, seconds = row
        return f"connection {identifier} of {user} from {host}, idle for {seconds} s"


class FileLock:
    """SQLite: ``<database>.guard-lock``, locked by the operating system, removed afterwards."""

    def __init__(self, database: Path, me: str) -> None:
        self.path = database.with_name(database.name + ".guard-lock")
        self._me = me
        self._handle: int | None = None

    def try_acquire(self) -> bool:
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        if not (_lock_file(handle) and self._is_current(handle)):
            os.close(handle)
            return False
        os.ftruncate(handle, 0)
        os.write(handle, self._me.encode())
        self._handle = handle
        return True

    def _is_current(self, handle: int) -> bool:
        """Whether the locked file still has its name: the last holder may have removed it."""
        with contextlib.suppress(FileNotFoundError):
            return os.path.samestat(os.fstat(handle), self.path.stat())
        return False

    def release(self) -> None:
        if self._handle is not None:
            # Windows does not remove an open file; it stays, empty of meaning
            with contextlib.suppress(OSError):
                self.path.unlink()
            os.close(self._handle)
            self._handle = None

    def holder(self) -> str:
        with contextlib.suppress(OSError):
            return self.path.read_text(errors="replace") or "a process that is just starting"
        return "it has just ended"


def _lock_file(handle: int) -> bool:
    try:
        import fcntl
    except ImportError:  # pragma: no cover - Windows
        return _lock_file_on_windows(handle)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock_file_on_windows(handle: int) -> bool:  # pragma: no cover - Windows
    import msvcrt

    # a byte far behind the text, so that waiters can read who holds the lock
    os.lseek(handle, 1 << 20, os.SEEK_SET)
    try:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    finally:
        os.lseek(handle, 0, os.SEEK_SET)
    return True
