"""End compat mode: when every app has loaded the new names, the old ones go."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from ..ledger import Entry, Ledger
from ..ledger.apps import labels, live_apps
from ..ledger.catalog import fingerprint
from ..settings import Settings
from .announcing import Announcer
from .compat import CompatView, current_schema, find_views
from .lock import author, held, lock_for, whoami
from .waiting import acknowledged

log = logging.getLogger("alembic_guard.upgrade")


def contract_leftovers(side: sa.Connection, announcer: Announcer) -> None:
    """End the compat mode of an earlier run that died or was not waited for."""
    views = find_views(side)
    if not views:
        return
    ledger = announcer.ledger
    state = acknowledged(live_apps(side, ledger.schema), ledger.newest_epoch(side))
    if state.is_complete:
        contract_now(side, views, announcer)
    else:
        late = labels((*state.missing, *state.refused))
        log.warning("%s still in compat mode: %s", ", ".join(v.name for v in views), late)


def contract_now(side: sa.Connection, views: Sequence[CompatView], announcer: Announcer) -> None:
    """Contract `views` in one transaction of an autocommit connection and wake the apps."""
    with atomically(side):
        epoch = contract(side, views, announcer)
    announcer.wake(epoch)
    log.info("Contracted %s", ", ".join(view.name for view in views))


def contract(connection: sa.Connection, views: Sequence[CompatView], announcer: Announcer) -> int:
    """Drop the views, give the tables their names back and write it down.

    :param connection: in a transaction.
    :returns: the entry's epoch.
    """
    quote = connection.dialect.identifier_preparer.quote
    for view in views:
        target = f"{quote(view.schema)}.{quote(view.name)}"
        # the view first, then the table under it: the order every query takes its locks in
        connection.exec_driver_sql(f"LOCK TABLE {target} IN ACCESS EXCLUSIVE MODE")
        connection.exec_driver_sql(f"DROP VIEW {target}")
        connection.exec_driver_sql(
            f"ALTER TABLE {quote(view.schema)}.{quote(view.base)} RENAME TO {quote(view.name)}"
        )
    default = current_schema(connection)
    touched = [v.name if v.schema == default else f"{v.schema}.{v.name}" for v in views]
    entry = Entry(
        phase="applied",
        direction="announce",
        mode="contract",
        heads=_heads(connection, announcer.ledger),
        touched=tuple(touched),
        fingerprint=fingerprint(connection),
        author=author(),
    )
    return announcer.append(connection, entry)


def contract_all(side: sa.Connection, settings: Settings) -> list[str]:
    """End every compat view of the database and return the tables' names.

    :param side: an autocommit connection.
    """
    announcer = Announcer(Ledger(settings.ledger_schema), settings.channels)
    with contextlib.closing(announcer):
        with held(lock_for(side, ".alembic_version", whoami("contract")), settings.lock_wait):
            views = find_views(side)
            if views:
                announcer.ledger.ensure(side)
                contract_now(side, views, announcer)
    return [view.name for view in views]


@contextlib.contextmanager
def atomically(side: sa.Connection) -> Iterator[None]:
    """One transaction on an autocommit connection."""
    side.exec_driver_sql("BEGIN")
    try:
        yield
    except BaseException:
        with contextlib.suppress(sa.exc.DBAPIError):
            side.exec_driver_sql("ROLLBACK")
        raise
    side.exec_driver_sql("COMMIT")


def _heads(connection: sa.Connection, ledger: Ledger) -> tuple[str, ...]:
    newest = ledger.newest(connection, "applied")
    return newest.heads if newest else ()
