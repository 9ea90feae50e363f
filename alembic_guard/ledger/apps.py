"""Who is running and what each has loaded: the table ``alembic_guard_app``.

One row a watcher. The database's clock is the only clock: an app lives while its last
heartbeat is younger than its own `ttl`. As in Envoy's xDS an app acknowledges an epoch
with the state it is in afterwards, or refuses it with the reason and keeps its last good
state.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from .clock import database_clock
from .tables import ledger_tables

AppState = Literal["starting", "current", "paused", "degraded", "refused", "stopped"]


@dataclass(frozen=True, slots=True)
class App:
    """One running watcher.

    `epoch` is the newest ledger entry it has dealt with. `ttl` is how many seconds after
    its last heartbeat it counts as gone; `age` is how many seconds ago that was; `identity`
    says which database it believes to be on, without a password.
    """

    instance: str
    app: str
    host: str
    pid: int
    state: AppState = "starting"
    epoch: int = 0
    error: str | None = None
    identity: str | None = None
    channel: str | None = None
    version: str | None = None
    ttl: float = 15.0
    heartbeat: float = 0.0
    started: float = 0.0
    age: float = 0.0

    @property
    def is_live(self) -> bool:
        """Whether it may still be serving requests."""
        return self.state != "stopped" and self.age <= self.ttl

    @property
    def label(self) -> str:
        """The app as people name it: ``shop@web-1:4711``."""
        return f"{self.app}@{self.host}:{self.pid}"

    def has_acknowledged(self, epoch: int) -> bool:
        """Whether it has applied or refused everything up to `epoch`."""
        return self.epoch >= epoch and self.state not in ("starting", "paused")


def register(connection: sa.Connection, app: App, schema: str | None = None) -> None:
    """Write the app's row, replacing an older one of the same instance."""
    table = ledger_tables(schema).app
    connection.execute(sa.delete(table).where(table.c.instance == app.instance))
    connection.execute(
        sa.insert(table).values(
            instance=app.instance,
            app=app.app,
            host=app.host,
            pid=app.pid,
            state=app.state,
            epoch=app.epoch,
            error=app.error,
            identity=app.identity,
            channel=app.channel,
            version=app.version,
            ttl=app.ttl,
            heartbeat=database_clock(),
            started=database_clock(),
        )
    )


def heartbeat(connection: sa.Connection, instance: str, schema: str | None = None) -> bool:
    """Say that the app lives; False when its row is gone, so that it registers again."""
    return _update(connection, schema, instance, {})


def acknowledge(
    connection: sa.Connection,
    instance: str,
    epoch: int,
    state: AppState,
    error: str | None = None,
    schema: str | None = None,
) -> bool:
    """Say what the app has made of the ledger up to `epoch`; False when its row is gone.

    :param error: why it is ``degraded`` or has ``refused``; None clears the last one.
    """
    return _update(connection, schema, instance, {"epoch": epoch, "state": state, "error": error})


def _update(
    connection: sa.Connection, schema: str | None, instance: str, values: dict[str, Any]
) -> bool:
    table = ledger_tables(schema).app
    statement = sa.update(table).where(table.c.instance == instance)
    values = {**values, "heartbeat": database_clock()}
    return connection.execute(statement.values(values)).rowcount > 0


def forget(connection: sa.Connection, instance: str, schema: str | None = None) -> None:
    """Delete the app's row, as a clean stop does."""
    table = ledger_tables(schema).app
    connection.execute(sa.delete(table).where(table.c.instance == instance))


def list_apps(connection: sa.Connection, schema: str | None = None) -> list[App]:
    """Every app with a row, also those long gone, by name, host and pid."""
    table = ledger_tables(schema).app
    age = (database_clock() - table.c.heartbeat).label("age")
    query = sa.select(table, age).order_by(table.c.app, table.c.host, table.c.pid)
    return [_from_row(row) for row in connection.execute(query).mappings()]


def live_apps(connection: sa.Connection, schema: str | None = None) -> list[App]:
    """The apps that may still be serving requests."""
    return [app for app in list_apps(connection, schema) if app.is_live]


def sweep(connection: sa.Connection, older_than: float, schema: str | None = None) -> int:
    """Delete the rows of apps not heard of for `older_than` seconds; return how many."""
    table = ledger_tables(schema).app
    old = table.c.heartbeat < database_clock() - older_than
    return connection.execute(sa.delete(table).where(old)).rowcount


def _from_row(row: sa.RowMapping) -> App:
    return App(**{name: row[name] for name in App.__slots__ if name in row})


def labels(apps: Iterable[App]) -> str:
    """The apps in one line, for messages."""
    return ", ".join(app.label for app in apps)
