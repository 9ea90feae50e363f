"""`alembic-guard apps`: who is running, and what each has loaded."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .database import add_database_arguments, database_url, on_database, settings_for

if TYPE_CHECKING:
    import sqlalchemy as sa

    from ..ledger import App

HEADINGS = ("APP", "HOST", "PID", "STATE", "EPOCH", "BEHIND", "SEEN", "CHANNEL", "NOTE")


@dataclass(frozen=True)
class View:
    """The apps at one moment, and the epoch they should be at."""

    epoch: int
    apps: Sequence[App]
    has_ledger: bool = True

    @property
    def is_current(self) -> bool:
        """Whether every live app has loaded the newest epoch."""
        live = [app for app in self.apps if app.is_live]
        return all(app.epoch >= self.epoch and app.state == "current" for app in live)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_database_arguments(parser)
    parser.add_argument(
        "--watch", nargs="?", type=float, const=1.0, metavar="SECONDS", help="show it live"
    )
    parser.add_argument("--all", action="store_true", help="also apps that are long gone")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(args: argparse.Namespace) -> int:
    """0 when every live app has loaded the newest epoch, else 1."""
    schema = settings_for(args).ledger_schema

    def work(connection: sa.Connection) -> int:
        while True:
            view = read_view(connection, schema, everybody=args.all)
            print(render(view, args.format), flush=True)
            if args.watch is None:
                return 0 if view.is_current else 1
            time.sleep(args.watch)
            if sys.stdout.isatty():
                print("\x1b[H\x1b[2J", end="")

    try:
        return on_database(database_url(args), work)
    except KeyboardInterrupt:
        return 0


def read_view(connection: sa.Connection, schema: str | None, *, everybody: bool) -> View:
    """Read both tables; a database without a ledger has no apps."""
    from ..ledger import Ledger
    from ..ledger.apps import list_apps

    ledger = Ledger(schema)
    if not ledger.exists(connection):
        return View(0, (), has_ledger=False)
    apps = [app for app in list_apps(connection, schema) if everybody or app.is_live]
    return View(ledger.newest_epoch(connection), apps)


def render(view: View, form: str) -> str:
    """The view as a table or as JSON."""
    if form == "json":
        return json.dumps({"epoch": view.epoch, "apps": [_values(a, view) for a in view.apps]})
    if not view.has_ledger:
        return (
            "This database has no ledger, so no app can have registered: is it the one your apps use"
            " (`alembic-guard doctor`)? `alembic upgrade` through Guard makes the ledger."
        )
    if not view.apps:
        return f"No app is running on this database (newest epoch {view.epoch})."
    rows = [HEADINGS, *(_row(app, view) for app in view.apps)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(HEADINGS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([*lines, _summary(view)])


def _summary(view: View) -> str:
    """``2 of 3 at epoch 7, 1 degraded``: a degraded app has loaded it, and bridges what differs."""
    answered = [app for app in view.apps if app.epoch >= view.epoch]
    loaded = [app for app in answered if app.state in ("current", "degraded")]
    parts = [f"{len(loaded)} of {len(view.apps)} at epoch {view.epoch}"]
    others = Counter(app.state for app in answered if app.state != "current")
    return ", ".join([*parts, *(f"{count} {state}" for state, count in sorted(others.items()))])


def _row(app: App, view: View) -> tuple[str, ...]:
    values = _values(app, view)
    note = (app.error or "").splitlines()
    return (
        app.app,
        app.host,
        str(app.pid),
        values["state"],
        str(app.epoch),
        str(values["behind"] or "-"),
        f"{app.age:.0f} s ago",
        app.channel or "-",
        note[0] if note else "",
    )


def _values(app: App, view: View) -> dict[str, Any]:
    return {
        "instance": app.instance,
        "app": app.app,
        "host": app.host,
        "pid": app.pid,
        "state": app.state if app.is_live else "gone",
        "epoch": app.epoch,
        "behind": max(view.epoch - app.epoch, 0),
        "age": round(app.age, 1),
        "channel": app.channel,
        "identity": app.identity,
        "error": app.error,
    }
