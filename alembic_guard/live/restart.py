"""Ask the supervisor for a graceful restart: the last step, when no reload helps (level L4).

::

    watcher.on_restart_needed(terminate_self)   # Kubernetes, systemd, a worker of gunicorn
    watcher.on_restart_needed(reload_gunicorn)  # all workers, with the code that is installed now
"""

from __future__ import annotations

import logging
import os
import random
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .report import SchemaReport

log = logging.getLogger("alembic_guard.live")

SPREAD_SECONDS = 5.0
"""A fleet learns of a change within milliseconds; it must not restart all at once."""


def terminate_self(report: SchemaReport) -> None:
    """Send SIGTERM to this process: it finishes its requests, and its supervisor starts another."""
    _signal_later(os.getpid(), signal.SIGTERM, report)


def reload_gunicorn(report: SchemaReport) -> None:
    """Send SIGHUP to the parent: gunicorn's master replaces its workers one by one.

    With ``--preload`` the master keeps the code it has loaded; use `terminate_self` on it.
    See https://docs.gunicorn.org/en/stable/signals.html
    """
    _signal_later(os.getppid(), signal.SIGHUP, report)


def _signal_later(process: int, number: signal.Signals, report: SchemaReport) -> None:
    seconds = random.uniform(0.0, SPREAD_SECONDS)
    log.error("sending %s to %d in %.1f s: %s", number.name, process, seconds, report.message)
    timer = threading.Timer(seconds, os.kill, (process, number))
    timer.daemon = True
    timer.start()
