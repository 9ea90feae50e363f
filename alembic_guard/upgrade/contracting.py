"""End compat and expand: when every app has loaded the new names, the old ones go."""

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
from .compat import CompatView, current_schema, find_views, remove_view
from .lock import author, held, lock_for, whoami
from .table_locks import is_lock_timeout
from .twins import Twin, find_twins, remove_twin
from .waiting import acknowledged

log = logging.getLogger("alembic_guard.upgrade")


BothNames = CompatView | Twin


def find_both(side: sa.Connection) -> list[BothNames]:
    """Whatever keeps an old name beside the new one."""
    twins = [twin for twin in find_twins(side) if twin.stage == "both"]
    return [*find_views(side), *twins]


def contract_leftovers(side: sa.Connection, announcer: Announcer) -> None:
    """End what an earlier run that died or was not waited for has left of both names."""
    kept = find_both(side)
    if not kept:
        return
    ledger = announcer.ledger
    state = acknowledged(live_apps(side, ledger.schema), ledger.newest_epoch(side))
    if state.is_complete:
        contract_now(side, kept, announcer)
    else:
        late = labels((*state.missing, *state.refused))
        log.warning("%s still with both names: %s", ", ".join(one.name for one in kept), late)


def contract_now(side: sa.Connection, kept: Sequence[BothNames], announcer: Announcer) -> bool:
    """Take the old names away, on an autocommit connection, and wake the apps.

    In one transaction where DDL has any; elsewhere the rest is found by the next run.

    :returns: False when a table is too busy: both names go on working.
    """
    try:
        with atomically(side):
            epoch = contract(side, kept, announcer)
    except sa.exc.DBAPIError as error:
        if not is_lock_timeout(error):
            raise
        log.warning("Not contracted, the table is in use all the time: %s", error.orig)
        return False
    announcer.wake(epoch)
    log.info("Contracted %s", ", ".join(one.name for one in kept))
    return True


def contract(connection: sa.Connection, kept: Sequence[BothNames], announcer: Announcer) -> int:
    """Take the old names away and write it down.

    :returns: the entry's epoch.
    """
    for one in kept:
        if isinstance(one, Twin):
            remove_twin(connection, one)
        else:
            remove_view(connection, one)
    touched = [_full_name(connection, one) for one in kept]
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


def _full_name(connection: sa.Connection, one: BothNames) -> str:
    if isinstance(one, Twin) or one.schema == current_schema(connection):
        return one.name
    return f"{one.schema}.{one.name}"


def contract_all(side: sa.Connection, settings: Settings) -> list[str]:
    """Take every old name of the database away and return the tables' names.

    :param side: an autocommit connection.
    """
    announcer = Announcer(Ledger(settings.ledger_schema), settings.channels)
    with contextlib.closing(announcer):
        with held(lock_for(side, ".alembic_version", whoami("contract")), settings.lock_wait):
            kept = find_both(side)
            if kept:
                announcer.ledger.ensure(side)
                if not contract_now(side, kept, announcer):
                    return []
    return [one.name for one in kept]


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
