"""Errors that smell of a schema that has moved, told from the driver's own codes."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy.exc import DBAPIError, StatementError

from ..errors import MaskedColumn, SchemaNotReady

Drift = Literal["undefined column", "undefined table", "stale plan", "changed table"]

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_SQLSTATES: dict[str, Drift] = {
    "42703": "undefined column",
    "42P01": "undefined table",
    "0A000": "stale plan",
    "26000": "stale plan",
}
# https://mariadb.com/kb/en/mariadb-error-code-reference/
_MYSQL_CODES: dict[int, Drift] = {
    1054: "undefined column",
    1146: "undefined table",
    1412: "changed table",
}
_MYSQL_DEADLOCK = 1213
_FORBIDDEN = ("42501", 1044, 1142, 1143)
_SQLITE_TEXTS: tuple[tuple[str, Drift], ...] = (
    ("no such column", "undefined column"),
    ("has no column named", "undefined column"),
    ("no such table", "undefined table"),
    ("database schema has changed", "stale plan"),
)


def classify(error: BaseException | None) -> Drift | None:
    """What kind of drift an error speaks of, or None for any other error."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, (StatementError, DBAPIError)) and error.orig is not None:
            return _classify_driver_error(error.orig)
        error = error.__cause__ or error.__context__
    return None


def is_deadlock(error: BaseException) -> bool:
    """Whether the database gave this transaction up so that another one could go on.

    A transaction that has read a table and then writes it while DDL waits for the table is
    such a victim on MySQL, MariaDB and PostgreSQL.
    """
    if not isinstance(error, DBAPIError) or error.orig is None:
        return False
    return bool({_MYSQL_DEADLOCK, "40P01"} & _codes(error.orig))


def is_forbidden(error: BaseException) -> bool:
    """Whether the database user lacks a right, such as SELECT on a table of the migrator's."""
    orig = error.orig if isinstance(error, DBAPIError) else None
    return orig is not None and bool({*_FORBIDDEN} & _codes(orig))


def _codes(error: BaseException) -> set[Any]:
    """What the driver says by number or SQLSTATE."""
    state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
    first = error.args[0] if error.args else None
    return {state, first if isinstance(first, int) else None} - {None}


class Retries:
    """What a unit of work that may run twice is forgiven: one drift, and a few deadlocks."""

    def __init__(self) -> None:
        self._drifts, self._deadlocks = 1, 3

    def allow(self, error: BaseException) -> bool:
        """Whether to try once more after `error`."""
        if is_deadlock(error):
            self._deadlocks -= 1
            return self._deadlocks >= 0
        if is_drift(error):
            self._drifts -= 1
            return self._drifts >= 0
        return False


def is_drift(error: BaseException) -> bool:
    """Whether the application should answer "try again soon" rather than "internal error"."""
    return isinstance(error, (MaskedColumn, SchemaNotReady)) or classify(error) is not None


def _classify_driver_error(error: BaseException) -> Drift | None:
    code: Any = error.args[0] if error.args else None
    if isinstance(code, int) and "sqlite" not in type(error).__module__:
        return _MYSQL_CODES.get(code)
    text = str(error)
    state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
    if state is None:
        return next((drift for part, drift in _SQLITE_TEXTS if part in text), None)
    if state == "XX000":
        return "stale plan" if "cache lookup failed" in text else None
    if state == "0A000" and "cached" not in text:
        return None  # any other feature that is not supported
    return _SQLSTATES.get(str(state))


def first_line(error: BaseException) -> str:
    """The driver's own words in one line, without the statement and its parameters."""
    text = str(getattr(error, "orig", None) or error).strip()
    return text.splitlines()[0] if text else type(error).__name__
