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
from sqlalchemy.engine import Engine

from ..ledger.connections import is_async_engine
from . import forks
from .connections import is_in_memory, own_connection
from .core import WatchCore
from .cursor import Pauses
from .drift import Retries
from .ears import Ear
from .facade import WatcherFacade
from .listening import listener_for
from .options import Options
from .report import SchemaReport
from .steps import Ask, Course, Drain, Sleep, Step
from .targets import Target, Targets
from .turnstile import passing_gates

log = logging.getLogger("alembic_guard.live")

PARKING_SECONDS = 5.0

T = TypeVar("T")
Engines = Engine | Sequence[Engine]


class SchemaWatcher(WatcherFacade):
    """Watches the schema behind an engine and keeps live models fitting it.

    ::

        watcher = SchemaWatcher(engine, Base)
        with watcher:
            serve()

    :param engine: the application's engine, or several to one database: the first is asked.
        An application with several databases has a watcher for each.
    :param targets: a declarative base, a registry, a MetaData, or a list of them.
    :param options: see `Options`, given as keywords.
    """

    def __init__(self, engine: Engines, *targets: Target, **options: Any) -> None:
        engines = (engine,) if isinstance(engine, Engine) else tuple(_sync(engine))
        if not engines:
            raise TypeError("SchemaWatcher needs an engine: SchemaWatcher(engine, Base)")
        super().__init__(WatchCore(engines, Targets(*targets), Options(**options)))
        self._engine = engines[0]
        self._thread: threading.Thread | None = None
        self._ear: Ear | None = None
        self._reset_signals()

    def _reset_signals(self) -> None:
        self._course = Course(self.core)
        self._told = threading.Condition()
        self._woken = threading.Event()
        self._ready = threading.Event()
        self._parked = threading.Event()
        self._unparked = threading.Event()

    # -- public -----------------------------------------------------------------------

    def check(self) -> SchemaReport:
        """Compare models and database now. Changes nothing unless the watcher runs."""
        if self._thread is not None and self.catch_up(timeout=10.0) and self.core.report:
            return self.core.report
        with passing_gates(), own_connection(self._engine) as connection:
            report = self.core.look(connection, force=True).report
        assert report is not None
        return report

    def start(self) -> SchemaWatcher:
        """Listen, look and make the models fit, then go on in a thread; again is harmless.

        A database that does not answer is waited for in the thread: the application starts.
        """
        if self._thread is not None:
            return self
        self._reset_signals()
        self._attach()
        forks.remember(self)
        self._run_thread()
        self._ready.wait(timeout=10.0)
        return self

    def stop(self) -> None:
        """End the thread, sign off, open the gate and put the models back."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        forks.forget(self)
        self._course.is_stopping = True
        self._stop_ear()
        self._woken.set()
        if thread is not threading.current_thread():
            thread.join(timeout=10.0)
        self._detach()

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
        return self._until(lambda: self.core.epoch >= epoch, timeout)

    def catch_up(self, timeout: float = 5.0) -> bool:
        """Have the schema looked at now and wait for it; False when that took too long."""
        wanted, course = self._request(), self._course
        return self._until(lambda: course.completed >= wanted, timeout)

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

        A transaction that became the victim of a deadlock, as DDL may make it, is run again
        up to three times. `work` opens and ends its own transaction; what failed was rolled back.
        """
        retries = Retries()
        while True:
            try:
                return work()
            except Exception as error:
                if not retries.allow(error) or not self.settle(timeout):
                    raise

    # -- the thread -------------------------------------------------------------------

    def _until(self, is_done: Callable[[], bool], timeout: float) -> bool:
        with self._told:
            return self._told.wait_for(is_done, timeout)

    def _request(self) -> int:
        with self._told:
            self._course.requested += 1
            wanted = self._course.requested
        self._woken.set()
        return wanted

    def _run_thread(self) -> None:
        self._start_ear()
        self._thread = threading.Thread(
            target=self._run, args=(self._course,), name="alembic-guard-watcher", daemon=True
        )
        self._thread.start()

    def _start_ear(self) -> None:
        listener = listener_for(self._engine, self.core.options.channel)
        if listener is not None:
            self._ear = Ear(listener, self._woken.set, self._set_hearing).start()

    def _stop_ear(self) -> None:
        ear, self._ear = self._ear, None
        if ear is not None:
            ear.stop()

    def _set_hearing(self, is_hearing: bool) -> None:
        self._course.is_hearing = is_hearing

    def _run(self, course: Course) -> None:
        pauses = Pauses()
        with passing_gates():
            while not course.is_stopping:
                if course.is_parking:
                    self._park()
                pauses.begin()
                course.is_started = course.has_answered = False
                try:
                    with own_connection(self._engine) as connection:
                        self._walk(course, connection)
                except Exception as error:
                    self.core.lost(error)
                    self._ready.set()
                    self._rest(course, pauses.after(has_answered=course.has_answered))

    def _walk(self, course: Course, connection: sa.Connection) -> None:
        """Carry out the steps of one connection's life."""
        with contextlib.closing(course.life()) as steps:
            answer: Any = None
            while True:
                try:
                    step = steps.send(answer)
                except StopIteration:
                    return
                answer = self._carry_out(course, step, connection)

    def _carry_out(self, course: Course, step: Step, connection: sa.Connection) -> Any:
        if isinstance(step, Ask):
            return step.work(connection)
        if isinstance(step, Drain):
            return self.core.gate.drain(step.seconds)
        if isinstance(step, Sleep):
            self._woken.wait(step.seconds)
            self._woken.clear()
            return None
        if course.is_started:
            self._ready.set()
        with self._told:
            self._told.notify_all()
        return None

    def _rest(self, course: Course, seconds: float) -> None:
        """Wait before the next attempt to connect; only leaving cuts it short."""
        deadline = time.monotonic() + seconds
        while not course.is_leaving and (left := deadline - time.monotonic()) > 0:
            self._woken.wait(left)
            self._woken.clear()

    # -- forks ------------------------------------------------------------------------

    def _park(self) -> None:
        self._parked.set()
        self._unparked.wait()

    def ask_to_park(self) -> None:
        """Before a fork: give up connections and locks soon."""
        self._parked.clear()
        self._unparked.clear()
        self._course.is_parking = True
        self._woken.set()

    def wait_parked(self) -> None:
        """Before a fork: wait until connections and locks are given up."""
        self._stop_ear()
        is_ours = self._thread is threading.current_thread()  # a listener of on_change forks
        if not is_ours and not self._parked.wait(PARKING_SECONDS):
            log.warning("forking although the watcher is busy; the child may find locks held")
        for engine in self.core.engines:
            if not is_in_memory(engine):
                # idle connections: SQLite forbids carrying them over, and a child would keep
                # the others' sockets open that it must not use
                engine.dispose()

    def go_on_after_fork(self) -> None:
        """After a fork, in the parent: take connections again."""
        self._start_ear()
        self._course.is_parking = False
        self._unparked.set()

    def restart_after_fork(self) -> None:
        """In a forked child: threads and sockets are the parent's, get some of one's own."""
        self.core.reset_after_fork()
        self._reset_signals()
        self._run_thread()


def _sync(engines: Any) -> Iterator[Engine]:
    for engine in engines if isinstance(engines, (list, tuple)) else [engines]:
        if is_async_engine(engine):
            raise TypeError(
                "SchemaWatcher needs an Engine; for an AsyncEngine use AsyncSchemaWatcher"
            )
        if not isinstance(engine, Engine):
            raise TypeError(f"{engine!r} is not an SQLAlchemy engine")
        yield engine
