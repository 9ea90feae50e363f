"""Watchers survive a fork: gunicorn's ``--preload`` starts them before its workers exist.

A thread does not cross a fork, and a pooled socket must not be shared by two processes.
"""

from __future__ import annotations

import os
import weakref
from typing import Protocol


class Forkable(Protocol):
    """What restarts in a child."""

    def restart_after_fork(self) -> None:
        """Start anew with connections of its own."""


_running: weakref.WeakSet[Forkable] = weakref.WeakSet()
_registered = False


def remember(watcher: Forkable) -> None:
    """Restart `watcher` in every child forked from now on."""
    global _registered  # noqa: PLW0603  # os.register_at_fork cannot be undone
    if not _registered and hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_restart_all)
        _registered = True
    _running.add(watcher)


def forget(watcher: Forkable) -> None:
    """Leave `watcher` alone in children."""
    _running.discard(watcher)


def _restart_all() -> None:
    for watcher in list(_running):
        watcher.restart_after_fork()
