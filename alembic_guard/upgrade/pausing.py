"""Hold the running apps while a change that would break them is made.

``pause`` row with a lease, every live app holds new work, drains what is under way and
acknowledges; the change is made; its ``applied`` row, in the same transaction, ends the
pause. Whoever dies, the lease ends, and every app resumes by itself.
"""

from __future__ import annotations

import logging
import time

import sqlalchemy as sa

from ..errors import AppsNotPaused
from ..ledger import App, Entry
from ..ledger.apps import labels, live_apps
from ..settings import Settings
from .announcing import Announcer
from .progress import Progress

log = logging.getLogger("alembic_guard.upgrade")

# every millisecond of it is waited for by everybody
FIRST_POLL, LONGEST_POLL = 0.002, 0.008


class Pause:
    """At most one pause at a time, on the side connection."""

    def __init__(self, side: sa.Connection, announcer: Announcer, settings: Settings) -> None:
        self._side = side
        self._announcer = announcer
        self._settings = settings
        self._epoch: int | None = None
        self._ends = 0.0

    @property
    def is_active(self) -> bool:
        """Whether apps may be holding their work for us."""
        return self._epoch is not None

    @property
    def seconds_left(self) -> float:
        """Seconds until the apps resume by themselves."""
        return max(self._ends - time.monotonic(), 0.0)

    def begin(self, reason: str, author: str) -> None:
        """Ask the live apps to pause and wait until all have; do nothing without any.

        :raises AppsNotPaused: after taking the pause back, when one refuses or is too slow.
        """
        if self.is_active or not live_apps(self._side, self._settings.ledger_schema):
            return
        lease = self._settings.pause_lease
        entry = Entry("pause", mode="pause", lease=lease, message=reason, author=author)
        self._epoch = self._announcer.publish(self._side, entry)
        self._ends = time.monotonic() + lease
        try:
            self._wait()
        except BaseException:
            self.take_back("the pause was given up, nothing was changed", author)
            raise

    def take_back(self, message: str, author: str) -> None:
        """Let the apps go on: nothing was changed."""
        if self.is_active:
            self._epoch = None
            resumed = Entry("resumed", mode="pause", message=message, author=author)
            self._announcer.publish(self._side, resumed)

    def ended(self) -> None:
        """Note that another entry, ``applied`` or ``failed``, has ended the pause."""
        if self.is_active and time.monotonic() > self._ends:
            log.warning(
                "The change took longer than the pause's lease of %g s: apps resumed before it"
                " was done. Raise it with `-x pause-lease=SECONDS`.",
                self._settings.pause_lease,
            )
        self._epoch = None

    def _wait(self) -> None:
        poll = FIRST_POLL
        with Progress() as progress:
            while True:
                apps = live_apps(self._side, self._settings.ledger_schema)
                waiting = [app for app in apps if not self._has_paused(app)]
                if not waiting:
                    return
                refused = [app for app in waiting if self._has_refused(app)]
                if refused or progress.elapsed >= self._settings.pause_timeout:
                    raise _not_paused(refused or waiting, progress.elapsed)
                progress.show(f"Pausing {labels(waiting)}", len(apps) - len(waiting), len(apps))
                time.sleep(poll)
                poll = min(poll * 1.3, LONGEST_POLL)

    def _has_paused(self, app: App) -> bool:
        return app.state == "paused" and app.epoch >= (self._epoch or 0)

    def _has_refused(self, app: App) -> bool:
        return app.state == "refused" and app.epoch >= (self._epoch or 0)


def _not_paused(apps: list[App], waited: float) -> AppsNotPaused:
    reasons = [f"  {app.label}: {app.error or f'still {app.state}'}" for app in apps]
    first = (
        f"{len(apps)} running app(s) did not pause within {waited:.1f} s; nothing was changed"
        " and all go on working:"
    )
    last = (
        "Wait for their long transactions to end, raise `-x pause-timeout=SECONDS`, or apply"
        " without a pause: `-x mode=announce`."
    )
    message = "\n".join([first, *reasons, last])
    return AppsNotPaused(message, apps=[app.label for app in apps])
