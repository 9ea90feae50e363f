"""Go on where an upgrade died: say what it has left, and do not do it twice.

PostgreSQL takes everything back. On MySQL, MariaDB and SQLite a killed upgrade may leave a
rename done and its revision not recorded; the next run would find nothing to rename.
"""

from __future__ import annotations

import contextlib
import logging
from collections import Counter
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic.operations import MigrateOperation
from alembic.operations import ops as alembic_ops
from alembic.operations.base import AbstractOperations

from ..facts import SchemaChange
from ..ledger import Entry
from ..ledger.catalog import Catalog, read_catalog
from ..operations import RenameColumnOp
from .announcing import Announcer
from .outside import Drift, read_drift
from .planning import Plan
from .reconcile import touched_tables
from .statements import parse_changes
from .twins import find_twins

log = logging.getLogger("alembic_guard.upgrade")

BATCH_COPY = "_alembic_tmp_"


def take_over(
    side: sa.Connection, announcer: Announcer, plan: Plan | None, author: str, *, keeps_ddl: bool
) -> tuple[SchemaChange, ...]:
    """End what a dead upgrade began and return the renames it has done already.

    We hold its lock, so it is dead.

    :param plan: the first pending step's.
    :param keeps_ddl: the database cannot take DDL back.
    """
    if side.dialect.name == "sqlite" and plan is not None:
        drop_batch_copies(side)
    newest = announcer.ledger.newest(side)
    is_orphan = newest is not None and newest.phase == "pause"
    if not (is_orphan or (keeps_ddl and plan is not None)):
        return ()
    drift = read_drift(side, announcer.ledger.schema) if keeps_ddl else None
    is_changed = drift is not None and drift.recorded is not None and drift.is_drifted
    done = find_swapped(side, plan) if plan is not None else ()
    if (
        plan is not None
        and not done
        and (is_changed or (newest is not None and newest.phase == "failed"))
    ):
        done = find_done(plan, read_catalog(side))
    for one in done:
        log.warning("%s.%s is called %s already, by a run that died", one.table, one.old, one.new)
    if drift is not None and is_changed and (is_orphan or done):
        announcer.publish(side, _left(drift, done, newest, author))
    elif is_orphan:
        message = f"{_who(newest)} died in its pause; nothing was changed"
        announcer.publish(side, Entry("resumed", mode="pause", message=message, author=author))
    return done


def _left(drift: Drift, done: tuple[SchemaChange, ...], newest: Entry | None, author: str) -> Entry:
    """The entry of what was changed and never recorded."""
    if newest is not None and newest.phase == "pause":
        message = f"{_who(newest)} died after changing the schema"
    else:
        message = "found done before its revision was applied"
    return Entry(
        "failed",
        direction="upgrade",
        changes=done,
        touched=touched_tables(done),
        fingerprint=drift.now,
        message=message,
        author=author,
    )


def _who(newest: Entry | None) -> str:
    return f"the upgrade of {(newest and newest.author) or 'somebody'}"


def find_done(plan: Plan, catalog: Catalog) -> tuple[SchemaChange, ...]:
    """The plan's column renames whose old name is gone and whose new name is there.

    A name that takes part in two of them says nothing about either.
    """
    names = Counter(
        (one.schema, one.table, name) for one in plan.column_renames for name in (one.old, one.new)
    )
    return tuple(
        one
        for one in plan.column_renames
        if names[one.schema, one.table, one.old] == names[one.schema, one.table, one.new] == 1
        and _is_done(one, catalog)
    )


def find_swapped(side: sa.Connection, plan: Plan) -> tuple[SchemaChange, ...]:
    """The plan's column renames whose column has a twin of the old name already."""
    twins = {(one.table, one.old, one.new) for one in find_twins(side) if one.stage == "both"}
    return tuple(one for one in plan.column_renames if (one.table, one.old, one.new) in twins)


def _is_done(rename: SchemaChange, catalog: Catalog) -> bool:
    table = catalog.find(rename.schema, rename.table or "")
    columns = table.column_names if table else ()
    return rename.new in columns and rename.old not in columns


@contextlib.contextmanager
def skipping(done: list[SchemaChange]) -> Iterator[None]:
    """Leave out the operations and statements that would do one of `done` again.

    Alembic has no hook around an operation, so the class is given another `invoke` for the
    time of the run.

    :param done: may grow meanwhile; what was left out is taken off it.
    """
    original = AbstractOperations.invoke

    def invoke(self: AbstractOperations, operation: MigrateOperation) -> Any:
        key = _rename_of(operation) if done else None
        found = next((one for one in done if (one.table, one.old, one.new) == key), None)
        if key is None or found is None:
            return original(self, operation)
        done.remove(found)
        log.info("%s.%s is called %s already: not renamed again", *key)
        rest = _without_rename(operation)
        return original(self, rest) if rest is not None else None

    AbstractOperations.invoke = invoke  # type: ignore[method-assign]  # undone below
    try:
        yield
    finally:
        AbstractOperations.invoke = original  # type: ignore[method-assign]


def _rename_of(operation: MigrateOperation) -> tuple[str, str, str] | None:
    """Table, old and new name, of an operation that renames one column."""
    if isinstance(operation, RenameColumnOp):
        return operation.table_name, operation.old_name, operation.new_name
    if isinstance(operation, alembic_ops.AlterColumnOp) and operation.modify_name:
        return operation.table_name, operation.column_name, operation.modify_name
    if isinstance(operation, alembic_ops.ExecuteSQLOp):
        changes = parse_changes(str(operation.sqltext))
        if len(changes) == 1 and changes[0].kind == "rename_column":
            (one,) = changes
            return one.table or "", one.old or "", one.new or ""
    return None


def _without_rename(operation: MigrateOperation) -> MigrateOperation | None:
    """What else an ``alter_column`` does besides the rename, under the new name."""
    if not isinstance(operation, alembic_ops.AlterColumnOp) or operation.modify_name is None:
        return None
    operation.column_name, operation.modify_name = operation.modify_name, None
    has_more = (
        operation.modify_type is not None
        or operation.modify_nullable is not None
        or operation.modify_server_default is not False
        or operation.modify_comment is not False
    )
    return operation if has_more else None


def drop_batch_copies(side: sa.Connection) -> None:
    """Drop the copies that killed batches of SQLite have left beside their tables.

    Alembic would stop at the next batch of that table: the copy exists.
    """
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    tables = {str(name) for (name,) in side.exec_driver_sql(query)}
    quote = side.dialect.identifier_preparer.quote
    for name in sorted(tables):
        if name.startswith(BATCH_COPY) and name.removeprefix(BATCH_COPY) in tables:
            log.warning("Dropping %s, which a killed upgrade has left", name)
            side.exec_driver_sql(f"DROP TABLE {quote(name)}")
