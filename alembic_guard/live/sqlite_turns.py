"""Short waits for SQLite's lock, so that a watcher gets its turn on a busy file.

SQLite's own busy handler sleeps longer the longer it has waited, up to 100 ms at a time
(``sqliteDefaultBusyCallback``; https://www.sqlite.org/c3ref/busy_timeout.html), so between many
writers whoever comes late wins. A watcher that is late holds up a pause for everybody.
"""

from __future__ import annotations

import random
import sqlite3
import time
from typing import Any

STEP_SECONDS = 0.002


class PromptCursor(sqlite3.Cursor):
    """Asks again every few milliseconds while another connection has the lock."""

    def execute(self, sql: str, parameters: Any = (), /) -> PromptCursor:
        """As `sqlite3.Cursor.execute`; within a transaction, where waiting may be a deadlock, once."""
        connection: Any = self.connection
        deadline = time.monotonic() + connection.patience
        while True:
            try:
                return super().execute(sql, parameters)
            except sqlite3.OperationalError as error:
                is_busy = "is locked" in str(error) and not connection.in_transaction
                if not is_busy or time.monotonic() >= deadline:
                    raise
            time.sleep(STEP_SECONDS * random.uniform(0.5, 1.5))


class PromptConnection(sqlite3.Connection):
    """A ``factory`` for `sqlite3.connect` whose cursors are `PromptCursor`.

    :param timeout: seconds one statement waits for the lock, as for `sqlite3.connect`.
    """

    def __init__(self, database: Any, *, timeout: float = 5.0, **options: Any) -> None:
        super().__init__(database, timeout=0.0, **options)
        self.patience = timeout

    def cursor(self, factory: Any = PromptCursor) -> Any:
        """As `sqlite3.Connection.cursor`."""
        return super().cursor(factory)
