"""Hear wake-ups beside the watcher's work, and come back when the broker does.

A wake-up only shortens the wait for the next look at the ledger, so an ear may be deaf, late
or away: meanwhile the watcher polls.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from ..channels import ChannelError, Listener
from .cursor import backoff
from .turnstile import passing_gates

log = logging.getLogger("alembic_guard.live")

QUIET_SECONDS = 30.0
"""After so long a silence a listener is asked whether it can still hear."""
PROBE_SECONDS = 2.0
DEAF_SECONDS = 60.0
"""Until a connection that can never hear, such as one through PgBouncer, is tried again."""


class Complaints:
    """What went wrong, said once and not at every attempt."""

    def __init__(self) -> None:
        self._last: str | None = None

    def complain(self, text: str) -> None:
        """Warn, unless this was the last thing said."""
        if text != self._last:
            log.warning("%s; polling the ledger meanwhile", text)
        self._last = text

    def praise(self) -> None:
        """It works: say so after a complaint."""
        if self._last is not None:
            log.info("wake-ups are heard again")
        self._last = None


class Ear:
    """A listener in a thread of its own.

    :param listener: not yet connected; entered again after each loss.
    :param on_wake: called for each wake-up, and whenever one may have been missed.
    :param on_hearing: called with whether wake-ups are heard from now on.
    """

    def __init__(
        self,
        listener: Listener,
        on_wake: Callable[[], object],
        on_hearing: Callable[[bool], object],
    ) -> None:
        self._listener = listener
        self._on_wake, self._on_hearing = on_wake, on_hearing
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alembic-guard-ear", daemon=True)

    def start(self) -> Ear:
        """Begin to listen."""
        self._thread.start()
        return self

    def stop(self, timeout: float = 5.0) -> None:
        """End, and wait for it at most `timeout` seconds."""
        self._stopped.set()
        self._listener.interrupt()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout)

    def _run(self) -> None:
        pauses, complaints = backoff(), Complaints()
        with passing_gates():
            while not self._stopped.is_set():
                began, pause = time.monotonic(), next(pauses)
                try:
                    with self._listener as listener:
                        if listener.probe(PROBE_SECONDS):
                            complaints.praise()
                            pauses = backoff()
                            self._on_hearing(True)
                            self._hear(listener)
                        else:
                            complaints.complain("this connection never hears a wake-up")
                            pause = DEAF_SECONDS
                except ChannelError as error:
                    complaints.complain(f"no wake-ups: {error}")
                except Exception as error:
                    log.exception("a listener failed")
                    complaints.complain(f"no wake-ups: {error!r}")
                if self._stopped.is_set():
                    return
                self._on_hearing(False)
                self._on_wake()
                self._stopped.wait(max(0.1, pause - (time.monotonic() - began)))

    def _hear(self, listener: Listener) -> None:
        self._on_wake()
        while not self._stopped.is_set():
            heard = listener.wait(QUIET_SECONDS)
            if self._stopped.is_set():
                return
            if heard is None and not listener.probe(PROBE_SECONDS):
                raise ChannelError("the listener hears nothing any more")
            self._on_wake()
