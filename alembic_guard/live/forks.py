"""Watchers survive a fork: gunicorn's ``--preload`` starts them before its workers exist.

A thread does not cross a fork, but what it holds at that moment does, for ever: mutexes, and
SQLite's account of the process's locks. A child forked while its parent read an SQLite file
believes it still holds that lock, and can neither write nor let others read
(https://www.sqlite.org/howtocorrupt.html#_carrying_an_open_database_file_across_a_fork_).
So watchers give up their connections before a fork and take new ones after it.
"""

from __future__ import annotations

import os
import weakref
from typing import Protocol


class Forkable(Protocol):
    """What is parked during a fork."""

    def ask_to_park(self) -> None:
        """Give up connections and locks soon."""

    def wait_parked(self) -> None:
        """Wait until that is done."""

    def go_on_after_fork(self) -> None:
        """Take connections again, in the parent."""

    def restart_after_fork(self) -> None:
        """Start anew with connections of its own, in the child."""


_running: weakref.WeakSet[Forkable] = weakref.WeakSet()
_registered = False


def remember(watcher: Forkable) -> None:
    """Park `watcher` during each fork from now on, and restart it in the child."""
    global _registered  # noqa: PLW0603  # os.register_at_fork cannot be undone
    if not _registered and hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=_park_all, after_in_parent=_go_on_all, after_in_child=_restart_all
        )
        _registered = True
    _running.add(watcher)


def forget(watcher: Forkable) -> None:
    """Leave `watcher` alone at forks."""
    _running.discard(watcher)


def _park_all() -> None:
    watchers = list(_running)
    for watcher in watchers:
        watcher.ask_to_park()
    for watcher in watchers:
        watcher.wait_parked()


def _go_on_all() -> None:
    for watcher in list(_running):
        watcher.go_on_after_fork()


def _restart_all() -> None:
    for watcher in list(_running):
        watcher.restart_after_fork()
