"""Flask, with Flask-SQLAlchemy or plain engines: drift as 503, readiness, one life a process.

::

    db = SQLAlchemy(app)
    init_app(app, db=db)                              # or
    init_app(app, SchemaWatcher(engine, Base))
"""

from __future__ import annotations

import atexit
import contextlib
import logging
from collections.abc import Iterator
from typing import Any

from sqlalchemy.exc import DBAPIError

from ..errors import MaskedColumn, SchemaNotReady
from ..live import SchemaWatcher, is_drift
from .problems import Answer, busy, readiness, require_watcher

try:
    from flask import Flask, Response, request
except ImportError as error:
    from ..errors import MissingExtra

    raise MissingExtra("flask", "flask", "the Flask integration") from error

log = logging.getLogger("alembic_guard.live")


def init_app(
    app: Flask,
    watcher: SchemaWatcher | None = None,
    *,
    db: Any = None,
    ready_path: str | None = "/ready",
    retry_after: int = 1,
    refuse_when_unready: bool = False,
    start: bool = True,
    **options: Any,
) -> SchemaWatcher:
    """Watch the application's database; drift becomes a 503 that ``after_request`` sees.

    :param db: Flask-SQLAlchemy's object, instead of `watcher`: its default engine is watched.
    :param options: for the watcher made from `db`, see `alembic_guard.live.Options`.
    :param start: False leaves starting to the caller, such as `lifespan`.
    """
    if watcher is None:
        if db is None:
            raise TypeError("init_app() needs a SchemaWatcher, or Flask-SQLAlchemy's db=")
        with app.app_context():
            watcher = SchemaWatcher(db.engine, db, **options)
    require_watcher(watcher)
    running = watcher
    app.extensions["alembic_guard"] = running
    if ready_path is not None:
        app.add_url_rule(
            ready_path, "alembic_guard_ready", lambda: _response(readiness(running, retry_after))
        )
    if refuse_when_unready:
        app.before_request(lambda: _refuse(running, ready_path, retry_after))
    _handle_errors(app, running, retry_after)
    if start:
        running.start()
        atexit.register(running.stop)
    return running


@contextlib.contextmanager
def lifespan(app: Flask, watcher: SchemaWatcher, **options: Any) -> Iterator[SchemaWatcher]:
    """`init_app` for a block: scripts and tests that end the watcher themselves."""
    init_app(app, watcher, start=False, **options)
    with watcher:
        yield watcher


def _handle_errors(app: Flask, watcher: SchemaWatcher, retry_after: int) -> None:
    def answer(error: BaseException) -> Any:
        if not is_drift(error):
            return _their_answer(app, error)
        log.warning("%s %s met drift: %s", request.method, request.path, error)
        watcher.catch_up()
        return _response(busy(retry_after))

    for kind in (MaskedColumn, SchemaNotReady, DBAPIError):
        app.register_error_handler(kind, answer)


def _their_answer(app: Flask, error: BaseException) -> Any:
    """What the application itself does about a database error that is no drift."""
    handlers = app.error_handler_spec[None][None]
    for kind in DBAPIError.__mro__[1:]:
        handler = handlers.get(kind)
        if handler is not None:
            return app.ensure_sync(handler)(error)
    raise error


def _refuse(watcher: SchemaWatcher, ready_path: str | None, retry_after: int) -> Response | None:
    if watcher.is_ready or request.path == ready_path:
        return None
    return _response(busy(retry_after))


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, headers=answer.headers)
