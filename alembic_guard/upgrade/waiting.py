"""After the commit: wait until every live app has reloaded, or has said why it cannot."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

import sqlalchemy as sa

from ..errors import AppsNotCurrent
from ..ledger import App
from ..ledger.apps import labels, live_apps
from .progress import Progress

log = logging.getLogger("alembic_guard.upgrade")

FIRST_POLL, LONGEST_POLL = 0.003, 0.1


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """How a wait ended: who has reloaded, who has refused and who has not answered."""

    done: tuple[App, ...]
    refused: tuple[App, ...]
    missing: tuple[App, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every live app has reloaded."""
        return not (self.refused or self.missing)


def acknowledged(apps: list[App], epoch: int) -> Acknowledged:
    """Sort the live apps by what they made of `epoch`."""
    answered = [app for app in apps if app.has_acknowledged(epoch)]
    return Acknowledged(
        done=tuple(app for app in answered if app.state != "refused"),
        refused=tuple(app for app in answered if app.state == "refused"),
        missing=tuple(app for app in apps if not app.has_acknowledged(epoch)),
    )


def wait_for_apps(
    side: sa.Connection, epoch: int, timeout: float, schema: str | None = None
) -> Acknowledged:
    """Wait until every live app has acknowledged or refused `epoch`, and report who has not.

    :param timeout: seconds to wait at most; an app that dies meanwhile is not waited for.
    """
    poll = FIRST_POLL
    with Progress() as progress:
        while True:
            apps = live_apps(side, schema)
            state = acknowledged(apps, epoch)
            if not state.missing or progress.elapsed >= timeout:
                break
            answered = len(apps) - len(state.missing)
            progress.show(f"Waiting for {labels(state.missing)}", answered, len(apps))
            time.sleep(poll)
            poll = min(poll * 1.3, LONGEST_POLL)
    if state.done:
        log.info("%d app(s) loaded epoch %d in %.2f s", len(state.done), epoch, progress.elapsed)
    if not state.is_complete:
        log.warning("%s", describe(state, epoch, progress.elapsed))
    return state


def describe(state: Acknowledged, epoch: int, seconds: float) -> str:
    """Who has not loaded `epoch`, one app a line, with the reason where it gave one."""
    lines = []
    if state.refused:
        lines.append(f"{len(state.refused)} app(s) refused epoch {epoch}:")
        lines += [f"  {app.label}: {app.error or 'no reason given'}" for app in state.refused]
        lines.append("They keep their last good state until they can load it.")
    if state.missing:
        lines.append(
            f"{len(state.missing)} app(s) have not loaded epoch {epoch} after {seconds:.0f} s:"
        )
        lines += [f"  {_behind(app)}" for app in state.missing]
        lines.append("They catch up by themselves; `alembic-guard apps` shows who has.")
    return "\n".join(lines)


def _behind(app: App) -> str:
    error = f", {app.error}" if app.error else ""
    heard = f"last heard of {app.age:.0f} s ago"
    return f"{app.label}: {app.state} at epoch {app.epoch}, {heard}{error}"


def not_current(state: Acknowledged, epoch: int) -> AppsNotCurrent:
    """The error of ``on_timeout = "fail"``; what it names stands in the log before it."""
    late = labels((*state.refused, *state.missing))
    return AppsNotCurrent(
        f"The database is migrated, but not every app has loaded epoch {epoch}: {late}. Run the"
        " same command again to wait for them; nothing is applied twice.",
        refused=[app.label for app in state.refused],
        missing=[app.label for app in state.missing],
    )
