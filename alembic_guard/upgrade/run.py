"""One guarded run of `upgrade`, `downgrade` or `stamp` on a live database."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext, MigrationInfo

from ..facts import SchemaChange
from ..ledger import Ledger
from ..operations.dialects import renamer_for
from ..settings import Settings
from .announcing import Announcer
from .contracting import contract_leftovers, contract_now, find_both
from .environment import AlembicContext, Step, Steps, as_environment, command_name
from .keeping import Keeping
from .lock import author, held, lock_for, whoami
from .modes import PlannedStep, plan_steps
from .outside import read_drift
from .pausing import Pause
from .planning import Plan
from .preflight import preflight
from .recording import observed
from .resuming import skipping, take_over
from .side import side_connection
from .stepping import StepRecords, revision_of
from .table_locks import (
    Backoff,
    find_blockers,
    is_lock_timeout,
    limited,
    retried_statements,
    session_id,
    statement_of,
    table_locked,
)
from .waiting import not_current, wait_for_apps

log = logging.getLogger("alembic_guard.upgrade")


class Run:
    """The state of one run; `on_version_apply` is called by Alembic after each step.

    Which transaction holds what: the steps and their ``applied`` rows are Alembic's
    transaction; the lock and the rows that must be seen at once are the side connection's.
    """

    def __init__(
        self, context: AlembicContext, settings: Settings, migration_args: dict[str, Any]
    ) -> None:
        self._context = as_environment(context)
        self._settings = settings
        self._migration_args = migration_args
        self._ledger = Ledger(settings.ledger_schema)
        self._announcer = Announcer(self._ledger, settings.channels)
        self._author = author()
        self._planned: dict[str, PlannedStep] = {}
        self._done: list[SchemaChange] = []

    def execute(self) -> None:
        """Run the command under the lock, then wait for the apps."""
        migration = self._context.get_context()
        connection = migration.connection
        assert connection is not None
        self._migration, self._connection = migration, connection
        self._is_external = bool(connection.in_transaction())
        direction = command_name(migration)
        self._records = StepRecords(connection, self._announcer, direction, self._author)
        me = whoami(direction)
        with contextlib.closing(self._announcer), side_connection(connection, me) as side:
            self._side = side
            self._pause = Pause(side, self._announcer, self._settings)
            self._keeping = Keeping(side, self._settings, self._is_external, self._has_transactions)
            with held(lock_for(side, self._lock_key(), me), self._settings.lock_wait):
                self._ledger.ensure(side)
                if side is connection and not self._is_external:
                    connection.commit()
                self._apply()
                keeps_both = bool(find_both(side))
                if keeps_both:
                    self._wait()
            if not keeps_both:
                self._wait()

    def _lock_key(self) -> str:
        table = self._migration.version_table
        return f"{self._migration.version_table_schema or ''}.{table}"

    # -- planning ---------------------------------------------------------------------

    def _plan(self) -> None:
        """Read the heads again, now that nobody else can change them, and plan."""
        if self._migration.purge:
            self._take_over(None)
            return
        heads = self._migration.get_current_heads()
        pending: Steps = self._migration.opts["fn"]
        steps = list(pending(heads, self._migration))
        if not self._is_external:
            self._connection.rollback()
        mode, arguments = self._settings.mode, self._migration_args
        planned = plan_steps(steps, mode, arguments, self._keeping.way, self._keeping.obstacle)
        self._take_over(planned[0].plan if planned else None)
        if steps:
            self._warn_of_drift()
            contract_leftovers(self._side, self._announcer)
        script, dialect = self._context.script, self._connection.dialect
        preflight(planned, heads, script, dialect, self._settings)
        self._planned = {revision_of(one.step.info): one for one in planned}

    def _take_over(self, first: Plan | None) -> None:
        done = take_over(
            self._side, self._announcer, first, self._author, keeps_ddl=not self._has_transactions
        )
        self._records.already, self._done = done, list(done)

    def _warn_of_drift(self) -> None:
        drift = read_drift(self._side, self._settings.ledger_schema)
        if drift.recorded and drift.is_drifted:
            log.warning(
                "The schema was changed outside of Alembic since epoch %d; the apps have not been"
                " told: `alembic-guard announce`",
                drift.epoch,
            )

    # -- applying ---------------------------------------------------------------------

    def _apply(self) -> None:
        self._plan()
        original = self._migration._migrations_fn
        self._migration._migrations_fn = self._guarded(original)
        try:
            with limited(
                self._connection, self._settings.lock_timeout, is_external=self._is_external
            ):
                self._attempts()
        finally:
            self._migration._migrations_fn = original

    def _attempts(self) -> None:
        """Run, and run again while a rolled-back transaction only lacked a table lock."""
        backoff: Backoff | None = None
        own_session = session_id(self._connection)
        self._find_blockers = partial(find_blockers, self._side, own_session=own_session)
        while True:
            try:
                self._attempt()
                return
            except BaseException as error:
                self._failed(error)
                if self._is_external or not self._has_transactions or not is_lock_timeout(error):
                    raise
                backoff = backoff or Backoff(self._settings.lock_retry)
                blockers = self._find_blockers(error)
                if backoff.is_over:
                    raise table_locked(error, blockers, self._settings.lock_retry) from error
                backoff.wait(statement_of(error), blockers)

    def _attempt(self) -> None:
        if not self._is_per_step:
            self._records.look_ahead(self._side if not self._is_external else self._connection)
            self._pause_for(self._planned.values())
        with contextlib.ExitStack() as stack:
            stack.enter_context(skipping(self._done))
            stack.enter_context(observed(self._connection, self._records.claims))
            if not self._has_transactions:
                stack.enter_context(
                    retried_statements(self._migration, self._patience, self._find_blockers)
                )
            stack.enter_context(self._context.begin_transaction())
            self._context.run_migrations(**self._migration_args)
        self._committed()

    def _patience(self) -> float:
        """How long a statement may be retried: never past the end of a pause."""
        retry = self._settings.lock_retry
        return min(retry, self._pause.seconds_left) if self._pause.is_active else retry

    @property
    def _is_per_step(self) -> bool:
        """Whether each step is committed by itself."""
        if self._is_external:
            return False
        return self._migration._transaction_per_migration or not self._has_transactions

    @property
    def _has_transactions(self) -> bool:
        return bool(self._migration.impl.transactional_ddl)

    def _pause_for(self, planned: Iterable[PlannedStep]) -> None:
        if self._side is self._connection:
            return
        reasons = [one.plan.reason for one in planned if one.mode == "pause"]
        if reasons:
            # loads the dialect's module while nobody is held
            renamer_for(self._migration.impl)
            self._pause.begin("; ".join(filter(None, reasons)) or "as configured", self._author)

    # -- step by step -----------------------------------------------------------------

    def _guarded(self, original: Any) -> Any:
        """Alembic's source of steps with our work before and after each."""

        def steps(heads: tuple[str, ...], migration: MigrationContext) -> Iterator[Step]:
            self._records.begin(self._connection, is_new=not heads)
            for step in original(heads, migration):
                self._before(step)
                yield step
                if self._is_per_step:
                    self._committed()

        return steps

    def _before(self, step: Step) -> None:
        self._records.current = planned = self._planned.get(revision_of(step.info))
        if self._is_per_step and planned is not None:
            self._end_read()
            if planned.mode == "expand":
                self._records.current = planned = self._expanded(planned)
            self._pause_for([planned])
            if planned.mode != "expand":
                self._keeping.clear()

    def _expanded(self, planned: PlannedStep) -> PlannedStep:
        """Give the renamed columns their twins; the step as it is applied now."""
        for rename in planned.plan.renames:
            if rename in self._done:
                continue
            if not self._keeping.twin(rename):
                return replace(planned, mode="pause")
            self._done.append(rename)
            self._records.already = (*self._records.already, rename)
            self._records.begin(self._connection, is_new=False)
            self._end_read()
        return planned

    def _end_read(self) -> None:
        """End the transaction that looking at the catalog has begun.

        Committed, because Alembic may have created its version table in it.
        """
        if self._migration._transaction is None:
            self._connection.commit()

    def on_version_apply(
        self, *, ctx: MigrationContext, step: MigrationInfo, heads: Iterable[str], **_: Any
    ) -> None:
        """Write the step's row, in the transaction that makes the change."""
        assert ctx.connection is not None
        self._records.applied(ctx.connection, step, heads)

    def _committed(self) -> None:
        self._pause.ended()
        if self._records.epoch is not None and not self._is_external:
            self._announcer.wake(self._records.epoch)

    # -- afterwards -------------------------------------------------------------------

    def _failed(self, error: BaseException) -> None:
        """Leave a truthful ledger: what stays changed is written down, a pause taken back."""
        with contextlib.suppress(sa.exc.DBAPIError):
            if not self._has_transactions:
                if not self._is_external:
                    self._connection.rollback()
                if self._records.left_behind(self._side, error):
                    self._pause.ended()
                    return
            self._pause.take_back(f"{type(error).__name__}: nothing was changed", self._author)

    def _wait(self) -> None:
        epoch = self._awaited_epoch()
        if epoch is None or not self._settings.wait:
            return
        if self._is_external:
            log.info("The caller commits this transaction, so the apps are not waited for")
            return
        schema, timeout = self._settings.ledger_schema, self._settings.wait_timeout
        state = wait_for_apps(self._side, epoch, timeout, schema)
        kept = find_both(self._side)
        if kept and state.is_complete and contract_now(self._side, kept, self._announcer):
            kept = []
        if kept:
            names = ", ".join(one.name for one in kept)
            log.warning("%s keep(s) both names: `alembic-guard announce --contract`", names)
        if self._settings.on_timeout == "fail" and not state.is_complete:
            raise not_current(state, epoch)

    def _awaited_epoch(self) -> int | None:
        """What the apps should have loaded: under ``fail`` also what an earlier run applied."""
        if self._records.epoch is None and self._settings.on_timeout == "fail":
            return self._ledger.newest_epoch(self._side)
        return self._records.epoch
