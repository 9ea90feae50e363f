"""What both watchers show to the program, and how they stand in its engines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from ..errors import SchemaNotReady
from .connections import limit_waiting
from .core import SchemaEvent, WatchCore
from .drift import classify
from .report import SchemaReport
from .steps import Course
from .turnstile import is_passing


class WatcherFacade:
    """The parts of a watcher that need neither a thread nor an event loop."""

    def __init__(self, core: WatchCore) -> None:
        self.core = core
        self._course = Course(core)

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

    @property
    def is_hearing(self) -> bool:
        """Whether wake-ups are heard; if not, the watcher polls the ledger."""
        return self._course.is_hearing

    def require_ready(self) -> None:
        """Raise `SchemaNotReady` where serving would mean errors or wrong answers."""
        report = self.core.report
        if report is not None and not report.is_ready:
            raise SchemaNotReady(report.message, state=report.state)

    def on_change(self, listener: Callable[[SchemaEvent], Any]) -> None:
        """Call `listener(event)` after each change, in the watcher's thread or event loop.

        What it raises is logged. It may stop the watcher.
        """
        self.core.on_change(listener)

    def on_restart_needed(self, listener: Callable[[SchemaReport], Any]) -> None:
        """Call `listener(report)` when only a restart with other code can help.

        That is when a change has left a process that served unable to serve for
        ``restart_after`` seconds. `alembic_guard.live.restart` has listeners for it.
        """
        self.core.on_restart_needed(listener)

    def wake(self) -> None:
        """Have the schema looked at soon, from any thread: for wake-ups of the program's own.

        A webhook's route calls it, for example, after `channels.webhook.verified_epoch`.
        """
        self._request()

    def _request(self) -> int:
        """Ask for a look and wake the watcher; the number to wait for."""
        raise NotImplementedError

    def _attach(self) -> None:
        self.core.gate.attach()
        for engine in self.core.engines:
            event.listen(engine, "handle_error", self._on_error)
            event.listen(engine, "do_connect", self._on_connecting)

    def _detach(self) -> None:
        """Leave engines and models as they were."""
        for engine in self.core.engines:
            event.remove(engine, "handle_error", self._on_error)
            event.remove(engine, "do_connect", self._on_connecting)
        self.core.gate.detach()
        self.core.overlay.clear()
        self.core.forget_plan()

    def _on_connecting(self, dialect: Any, record: Any, args: Any, parameters: Any) -> None:
        """Only our own connections give up soon: the program's are its own business."""
        if is_passing():
            limit_waiting(dialect, parameters)

    def _on_error(self, context: Any) -> None:
        """Drift in the application's own statement: look at once."""
        if is_passing():
            return
        drift = classify(context.original_exception) or classify(context.sqlalchemy_exception)
        if drift is None:
            return
        if drift == "stale plan":
            self.core.drop_plans(*_driver_connection(context.connection))
        self._request()


def _driver_connection(connection: Any) -> tuple[Any, ...]:
    """The driver's connection an error came from; none if it is gone already."""
    if connection is None or connection.closed or connection.invalidated:
        return ()
    return (connection.connection.driver_connection,)
