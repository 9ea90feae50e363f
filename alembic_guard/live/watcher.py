"""`SchemaWatcher`: the thread that keeps a synchronous application on its schema."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from ..channels import ChannelError, Listener
from ..errors import SchemaNotReady
from ..ledger.connections import is_async_engine, twin_engine
from . import forks
from .core import TTL, Look, SchemaEvent, WatchCore
from .cursor import backoff
from .drift import classify, first_line, is_drift
from .gate import passing_gates
from .listening import listener_for
from .options import Options
from .report import SchemaReport
from .targets import Target, Targets

log = logging.getLogger("alembic_guard.live")

T = TypeVar("T")
Engines = Engine | Sequence[Engine]
HOLDING_POLL = 0.005
HEARING_POLL = 0.1
UNEASY_POLL = 0.5
RECHECK = 30.0


class SchemaWatcher:
    """Watches the schema behind an engine and keeps live models fitting it.

    ::

        watcher = SchemaWatcher(engine, Base)
        with watcher:
            serve()

    :param engine: the application's engine, or several to one database: the first is asked.
    :param targets: a declarative base, a registry, a MetaData, or a list of them.
    :param options: see `Options`, given as keywords.
    """

    def __init__(self, engine: Engines, *targets: Target, **options: Any) -> None:
        engines = (engine,) if isinstance(engine, Engine) else tuple(_sync(engine))
        self.core = WatchCore(engines, Targets(*targets), Options(**options))
        self._engine = engines[0]
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._listener: Listener | None = None
        self._passed = threading.Condition()
        self._woken = threading.Event()
        self._requested = self._completed = 0
        self._acknowledged: Any = None

    # -- public -----------------------------------------------------------------------

    @property
    def epoch(self) -> int:
        """The newest ledger entry this process has loaded; 0 without a ledger."""
        return self.core.epoch

    @property
    def report(self) -> SchemaReport | None:
        """What the newest look found; None before the first."""
        return self.core.report

    @property
    def is_ready(self) -> bool:
        """Whether requests should come in."""
        report = self.core.report
        return report is not None and report.is_ready

    def check(self) -> SchemaReport:
        """Compare models and database now. Changes nothing unless the watcher runs."""
        if self._thread is not None and self.catch_up(timeout=10.0) and self.core.report:
            return self.core.report
        with passing_gates(), self._own_connection() as connection:
            report = self.core.look(connection, force=True).report
        assert report is not None
        return report

    def start(self) -> SchemaWatcher:
        """Listen, look and make the models fit, then go on in a thread; again is harmless.

        A database that does not answer is waited for in the thread: the application starts.
        """
        if self._thread is not None:
            return self
        self._stop.clear()
        self.core.gate.attach()
        for engine in self.core.engines:
            event.listen(engine, "handle_error", self._on_error)
        forks.remember(self)
        ready = threading.Event()
        self._run_thread(ready)
        ready.wait(timeout=10.0)
        return self

    def stop(self) -> None:
        """End the thread, sign off, open the gate and put the models back."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        forks.forget(self)
        self._stop.set()
        self._interrupt()
        thread.join(timeout=10.0)
        for engine in self.core.engines:
            event.remove(engine, "handle_error", self._on_error)
        self.core.gate.detach()
        self.core.overlay.clear()
        self.core.forget_plan()

    def __enter__(self) -> SchemaWatcher:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def wait_for(self, epoch: int, timeout: float = 10.0) -> bool:
        """Wait until `epoch` is loaded; False when `timeout` seconds are over."""
        with self._passed:
            return self._passed.wait_for(lambda: self.core.epoch >= epoch, timeout)

    def on_change(self, listener: Callable[[SchemaEvent], Any]) -> None:
        """Call `listener(event)` after each change, in the watcher's thread."""
        self.core.on_change(listener)

    def catch_up(self, timeout: float = 5.0) -> bool:
        """Have the schema looked at now and wait for it; False when that took too long."""
        with self._passed:
            self._requested += 1
            wanted = self._requested
        self._interrupt()
        with self._passed:
            return self._passed.wait_for(lambda: self._completed >= wanted, timeout)

    def settle(self, timeout: float = 5.0) -> bool:
        """Catch up, and wait while what was met is not explained yet.

        Where DDL commits by itself, its ledger row follows a moment later.
        """
        deadline = time.monotonic() + timeout
        while self.catch_up(max(0.0, deadline - time.monotonic())):
            if self.is_ready or time.monotonic() >= deadline:
                return self.is_ready
            time.sleep(0.02)
        return False

    def retrying(self, work: Callable[[], T], timeout: float = 5.0) -> T:
        """Run a unit of work that may safely run twice: once more after a schema change.

        `work` opens and ends its own transaction; what failed was rolled back.
        """
        try:
            return work()
        except Exception as error:
            if not is_drift(error) or not self.settle(timeout):
                raise
        return work()

    def require_ready(self) -> None:
        """Raise `SchemaNotReady` where serving would mean errors or wrong answers."""
        report = self.core.report
        if report is not None and not report.is_ready:
            raise SchemaNotReady(report.message, state=report.state)

    # -- the thread -------------------------------------------------------------------

    def _run_thread(self, ready: threading.Event) -> None:
        self._thread = threading.Thread(
            target=self._run, args=(ready,), name="alembic-guard-watcher", daemon=True
        )
        self._thread.start()

    def _run(self, ready: threading.Event) -> None:
        pauses = backoff()
        with passing_gates():
            while not self._stop.is_set():
                try:
                    with self._listening() as listener, self._own_connection() as connection:
                        self._pass(connection, force=True)
                        self.core.acknowledge(connection)
                        pauses = backoff()
                        ready.set()
                        self._watch(connection, listener)
                except Exception as error:
                    self._lost(error)
                    ready.set()
                    self._stop.wait(next(pauses))

    def _lost(self, error: Exception) -> None:
        log.warning("the watcher lost its database and tries again: %s", first_line(error))
        self.core.gate.open()
        self.core.lost(error)

    def _watch(self, connection: sa.Connection, listener: Listener | None) -> None:
        """Look whenever a wake-up, a request or the clock asks for it, until stopped."""
        beat = checked = time.monotonic()
        while not self._stop.is_set():
            requested = self._requested
            if requested == self._completed:
                self._sleep(listener)
            now = time.monotonic()
            requested = self._requested
            uneasy = self.core.report is None or not self.core.report.ok
            due = now - checked > (UNEASY_POLL if uneasy else RECHECK)
            force = requested != self._completed or due
            if force:
                checked = now
            if self._pass(connection, force=force):
                beat = now
            elif now - beat > TTL / 3:
                self.core.heartbeat(connection)
                beat = now
            self._complete(requested)
        self.core.sign_off(connection)

    def _sleep(self, listener: Listener | None) -> None:
        if listener is not None:
            listener.wait(self.core.poll_interval(listening=True))
        else:
            self._woken.wait(self.core.poll_interval(listening=False))
            self._woken.clear()

    def _interrupt(self) -> None:
        self._woken.set()
        listener = self._listener
        if listener is not None:
            listener.interrupt()

    def _pass(self, connection: sa.Connection, *, force: bool = False) -> bool:
        """Look once and do what is needed; True when something was acknowledged."""
        look = self.core.look(connection, force=force)
        if look.reading.hold > 0:
            self._hold(connection, look)
            return True
        moved = look.reading.epoch != self.core.epoch
        self._swap(look)
        state = self.core.app_state()
        if moved or state != self._acknowledged:
            self.core.acknowledge(connection)
            self._acknowledged = state
            return True
        return False

    def _swap(self, look: Look) -> None:
        gate = self.core.gate
        if self.core.needs_swap(look) and not gate.is_closed:
            gate.close(self.core.options.drain + 5.0)
            gate.drain(self.core.options.drain)
        try:
            self.core.swap(look)
        finally:
            gate.open()
        with self._passed:
            self._passed.notify_all()

    def _hold(self, connection: sa.Connection, look: Look) -> None:
        """Hold new work, wait for what is under way, say so, until the change is made."""
        until = time.monotonic() + look.reading.hold
        gate = self.core.gate
        gate.close(look.reading.hold)
        self.core.swap(look)
        epoch = look.reading.epoch
        paused = False
        while not self._stop.is_set() and time.monotonic() < until:
            if not paused and gate.drain(HOLDING_POLL):
                self.core.acknowledge(connection, paused_at=epoch)
                paused = True
            reading = self.core.read_ledger(connection)
            if reading.epoch != epoch:
                break
            if paused and self._listener is not None:
                self._listener.wait(HEARING_POLL)
            elif paused:
                time.sleep(HOLDING_POLL)
        else:
            log.warning("a pause was not ended within its lease; this process goes on")
        self._pass_after_hold(connection)

    def _pass_after_hold(self, connection: sa.Connection) -> None:
        look = self.core.look(connection, force=True)
        if look.reading.hold > 0:
            self._hold(connection, look)
            return
        self._swap(look)
        self.core.acknowledge(connection)
        self._acknowledged = self.core.app_state()

    def _complete(self, requested: int) -> None:
        with self._passed:
            self._completed = max(self._completed, requested)
            self._passed.notify_all()

    # -- connections ------------------------------------------------------------------

    @contextlib.contextmanager
    def _own_connection(self) -> Iterator[sa.Connection]:
        """A connection outside the pool, autocommit: it must never block a migration."""
        if _is_in_memory(self._engine):
            with self._engine.connect() as shared:
                yield shared.execution_options(isolation_level="AUTOCOMMIT")
            return
        twin = twin_engine(self._engine)
        try:
            with twin.connect() as connection:
                yield connection.execution_options(isolation_level="AUTOCOMMIT")
        finally:
            twin.dispose()

    @contextlib.contextmanager
    def _listening(self) -> Iterator[Listener | None]:
        """The channel's listener if it hears itself, else None: polling alone."""
        found = listener_for(self._engine, self.core.options.channel)
        if found is None:
            yield None
            return
        try:
            listener = found.__enter__()
        except ChannelError as error:
            log.warning("no wake-ups, polling the ledger instead: %s", error)
            yield None
            return
        try:
            if not listener.probe(2.0):
                log.warning("this connection never hears a wake-up; polling the ledger instead")
                yield None
                return
            self._listener = listener
            yield listener
        finally:
            self._listener = None
            listener.__exit__(None, None, None)

    def _on_error(self, context: Any) -> None:
        """Drift in the application's own statement: look at once."""
        drift = classify(context.original_exception) or classify(context.sqlalchemy_exception)
        if drift is None:
            return
        if drift == "stale plan":
            self.core.plans.bump()
        with self._passed:
            self._requested += 1
        self._interrupt()

    def restart_after_fork(self) -> None:
        """In a forked child: threads and sockets are the parent's, get some of one's own."""
        self.core.reset_after_fork()
        self._passed = threading.Condition()
        self._stop = threading.Event()
        self._woken = threading.Event()
        self._listener = None
        self._requested = self._completed = 0
        self._run_thread(threading.Event())


def _sync(engines: Any) -> Iterator[Engine]:
    for engine in engines if isinstance(engines, (list, tuple)) else [engines]:
        if is_async_engine(engine):
            raise TypeError(
                "SchemaWatcher needs an Engine; for an AsyncEngine use AsyncSchemaWatcher"
            )
        if not isinstance(engine, Engine):
            raise TypeError(f"{engine!r} is not an SQLAlchemy engine")
        yield engine


def _is_in_memory(engine: Engine) -> bool:
    """Whether another connection would see another database."""
    name = engine.url.database or ""
    return engine.dialect.name == "sqlite" and (
        name in ("", ":memory:") or "mode=memory" in name or ":memory:" in name
    )
