"""After the commit: wait until every live app has reloaded, or has said why it cannot."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

import sqlalchemy as sa

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
    _report(state, epoch, progress.elapsed)
    return state


def _report(state: Acknowledged, epoch: int, seconds: float) -> None:
    if state.done:
        log.info("%d app(s) loaded epoch %d within %.2f s", len(state.done), epoch, seconds)
    for app in state.refused:
        log.warning("%s refused epoch %d: %s", app.label, epoch, app.error or "no reason given")
    if state.missing:
        log.warning(
            "%d app(s) have not loaded epoch %d after %.0f s: %s. They catch up by themselves;"
            " `alembic-guard apps` shows who has.",
            len(state.missing),
            epoch,
            seconds,
            labels(state.missing),
        )
