"""Never let a waiting DDL statement queue the whole application behind it.

An ALTER TABLE that waits for a long transaction makes every later query of that table wait
too. So its wait is short (`lock_timeout`), the blockers are named, and it is tried again:
the whole transaction where it was rolled back, the statement alone where DDL cannot be.
"""

from __future__ import annotations

import contextlib
import logging
import random
import re
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ..errors import TableLocked
from .statements import parse_changes

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

log = logging.getLogger("alembic_guard.upgrade")

FIRST_BACKOFF, LONGEST_BACKOFF = 0.3, 8.0
# lock_not_available, deadlock_detected
_POSTGRESQL_STATES = frozenset({"55P03", "40P01"})
# ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK
_MYSQL_NUMBERS = frozenset({1205, 1213})
_MYSQL_DEFAULT_WAIT = 3600
# also one that is cut off, MySQL's double quotes and PostgreSQL's dollars; names go with them
_LITERAL = re.compile(
    r"""'(?:[^'\\]|''|\\.)*'?|"(?:[^"\\]|""|\\.)*"?|\$(\w*)\$.*?(?:\$\1\$|$)""", re.S
)


@contextlib.contextmanager
def limited(connection: sa.Connection, seconds: float, *, is_external: bool) -> Iterator[None]:
    """Bound how long a statement of this connection queues for a table lock.

    A limit the user has set is left alone.

    :param is_external: the caller's transaction is open, so nothing may be committed.
    """
    if seconds <= 0 or is_external:
        yield
        return
    before = _set_limit(connection, seconds)
    try:
        yield
    finally:
        if before is not None:
            with contextlib.suppress(DBAPIError):
                connection.exec_driver_sql(before)
                connection.commit()


def _set_limit(connection: sa.Connection, seconds: float) -> str | None:
    """Set the limit and return the statement that undoes it; None when nothing was set."""
    name = connection.dialect.name
    undo = None
    if name == "postgresql":
        if connection.exec_driver_sql("SHOW lock_timeout").scalar() == "0":
            connection.exec_driver_sql(f"SET lock_timeout = {int(seconds * 1000)}")
            undo = "SET lock_timeout = 0"
    elif name in ("mysql", "mariadb"):
        current = connection.exec_driver_sql("SELECT @@lock_wait_timeout").scalar() or 0
        if current >= _MYSQL_DEFAULT_WAIT:
            connection.exec_driver_sql(f"SET lock_wait_timeout = {max(1, round(seconds))}")
            undo = f"SET lock_wait_timeout = {current}"
    if connection.in_transaction():
        connection.commit()
    return undo


def is_lock_timeout(error: BaseException) -> bool:
    """Whether the statement did not get its lock, so that nothing speaks against a retry."""
    if not isinstance(error, DBAPIError):
        return False
    origin: Any = error.orig
    state = getattr(origin, "sqlstate", None) or getattr(origin, "pgcode", None)
    if state in _POSTGRESQL_STATES:
        return True
    number = origin.args[0] if getattr(origin, "args", None) else None
    return number in _MYSQL_NUMBERS or "database is locked" in str(origin)


class Backoff:
    """Waits between attempts, growing and jittered, until `seconds` have passed.

    :param seconds: from now on, how long to go on trying.
    """

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds
        self._pause = FIRST_BACKOFF

    @property
    def is_over(self) -> bool:
        return time.monotonic() + self._pause >= self._ends

    def wait(self, what: str, blockers: list[str]) -> None:
        """Sleep once, saying why."""
        pause = self._pause * random.uniform(0.7, 1.3)
        behind = f" behind {'; '.join(blockers)}" if blockers else ""
        log.warning("%s did not get its lock%s. Trying again in %.1f s.", what, behind, pause)
        time.sleep(pause)
        self._pause = min(self._pause * 2, LONGEST_BACKOFF)


def statement_of(error: BaseException) -> str:
    """The failed statement in one short line."""
    statement = " ".join((getattr(error, "statement", None) or "the statement").split())
    return statement if len(statement) <= 120 else statement[:117] + "..."


def table_locked(error: BaseException, blockers: list[str], seconds: float) -> TableLocked:
    """The error to give up with."""
    who = "\n".join(f"  {blocker}" for blocker in blockers) or "  (already gone, or not visible)"
    return TableLocked(
        f"{statement_of(error)} did not get its lock within {seconds:.0f} s. In the way:\n{who}\n"
        "End those transactions, or try for longer with `-x lock-retry=SECONDS`.",
        statement=statement_of(error),
        blockers=blockers,
    )


@contextlib.contextmanager
def retried_statements(
    migration: MigrationContext,
    seconds: Callable[[], float],
    blockers: Callable[[BaseException], list[str]],
) -> Iterator[None]:
    """Retry single DDL statements, for databases whose DDL is committed by itself.

    :param seconds: how long to go on trying, asked at the first failure.
    """
    impl = migration.impl
    execute = impl._exec

    def _exec(*arguments: Any, **keywords: Any) -> Any:
        backoff: Backoff | None = None
        while True:
            try:
                return execute(*arguments, **keywords)
            except DBAPIError as error:
                if not is_lock_timeout(error):
                    raise
                backoff = backoff or Backoff(seconds())
                names = blockers(error)
                if backoff.is_over:
                    raise table_locked(error, names, seconds()) from error
                backoff.wait(statement_of(error), names)

    impl._exec = _exec  # type: ignore[method-assign]  # of this instance only, undone below
    try:
        yield
    finally:
        del impl._exec


def find_blockers(side: sa.Connection, error: BaseException, own_session: int | None) -> list[str]:
    """Who holds locks on the tables of the failed statement, one line each."""
    finders = {"postgresql": _postgresql, "mysql": _mysql, "mariadb": _mysql}
    finder = finders.get(side.dialect.name)
    if finder is None:
        return ["another connection that is writing to the file"]
    statement = getattr(error, "statement", None) or ""
    tables = {change.table for change in parse_changes(statement, side.dialect.name)}
    try:
        return finder(side, sorted(table for table in tables if table), own_session or 0)
    except DBAPIError as problem:
        # a role that may not look at other sessions
        return [f"unknown: {str(problem.orig).splitlines()[0]}"]


def session_id(connection: sa.Connection) -> int | None:
    """The server's number of this session."""
    queries = {
        "postgresql": "SELECT pg_backend_pid()",
        "mysql": "SELECT CONNECTION_ID()",
        "mariadb": "SELECT CONNECTION_ID()",
    }
    query = queries.get(connection.dialect.name)
    return connection.exec_driver_sql(query).scalar() if query else None


_PG_BLOCKERS = """
SELECT DISTINCT a.pid, a.usename, a.application_name, coalesce(host(a.client_addr), 'local'),
  a.state, round(extract(epoch FROM clock_timestamp() - a.xact_start)), left(a.query, 80)
FROM pg_stat_activity a LEFT JOIN pg_locks l ON l.pid = a.pid AND l.granted
LEFT JOIN pg_class c ON c.oid = l.relation
WHERE a.datname = current_database() AND a.xact_start IS NOT NULL
  AND a.pid NOT IN (pg_backend_pid(), :own) AND {condition} ORDER BY 6 DESC NULLS LAST LIMIT 10
"""


def _postgresql(side: sa.Connection, tables: list[str], own: int) -> list[str]:
    condition = "c.relname IN :tables" if tables else "a.state LIKE 'idle in%'"
    query = sa.text(_PG_BLOCKERS.format(condition=condition))
    values: dict[str, Any] = {"own": own}
    if tables:
        query = query.bindparams(sa.bindparam("tables", expanding=True))
        values["tables"] = tables
    return [
        f"process {pid} ({user}, {name or 'unnamed'}, from {host}), {state} for {age} s:"
        f" {_without_values(text)}"
        for pid, user, name, host, state, age, text in side.execute(query, values)
    ]


_MYSQL_BLOCKERS = """
SELECT p.id, p.user, p.host, p.command, TIMESTAMPDIFF(SECOND, t.trx_started, NOW()), p.info
FROM information_schema.innodb_trx t
JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
WHERE p.db = DATABASE() AND p.id NOT IN (CONNECTION_ID(), :own) ORDER BY 5 DESC LIMIT 10
"""


def _mysql(side: sa.Connection, tables: list[str], own: int) -> list[str]:
    return [
        f"connection {number} ({user} from {host}), {command.lower()}, in a transaction for"
        f" {age} s: {_without_values(text or 'idle between statements')}"
        for number, user, host, command, age, text in side.execute(
            sa.text(_MYSQL_BLOCKERS), {"own": own}
        )
    ]


def _without_values(sql: str) -> str:
    """A query without its literals, which may be anybody's data or a password."""
    return " ".join(_LITERAL.sub("'...'", sql).split())
