"""Starlette: the watcher's life in the lifespan, drift as 503 with CORS headers, readiness.

::

    app = Starlette(routes=..., middleware=[Middleware(CORSMiddleware, ...)])
    init_app(app, SchemaWatcher(engine, Base))

An exception handler for `Exception` answers outside CORSMiddleware, so its response has no
CORS headers (encode/starlette#1175). Our middleware is the innermost one instead.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

from ..live import SchemaWatcher, is_drift
from ..live.drift import first_line
from .problems import SAFE_METHODS, Answer, busy, readiness, require_watcher

try:
    from starlette.middleware import Middleware
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Match, Route
except ImportError as error:
    from ..errors import MissingExtra

    raise MissingExtra("starlette", "fastapi", "the Starlette integration") from error

if TYPE_CHECKING:
    from .problems import AnyWatcher

log = logging.getLogger("alembic_guard.live")

Lifespan = Callable[[Any], AbstractAsyncContextManager[Any]]


def init_app(
    app: Any,
    watcher: AnyWatcher,
    *,
    ready_path: str | None = "/ready",
    retry_after: int = 1,
    retry: Collection[str] = SAFE_METHODS,
    refuse_when_unready: bool = False,
) -> None:
    """Start and stop the watcher with the application, and answer drift with 503.

    :param ready_path: where readiness is told; None adds no route.
    :param retry: methods whose requests are run once more after a schema change; the
        default are those HTTP calls safe.
    :param refuse_when_unready: answer every request with 503 while `is_ready` is false, not
        only those that meet the difference.
    """
    require_watcher(watcher)
    app.router.lifespan_context = lifespan(watcher, app.router.lifespan_context)
    app.user_middleware.append(
        Middleware(
            SchemaMiddleware,
            watcher=watcher,
            retry_after=retry_after,
            retry=frozenset(retry),
            refuse_when_unready=refuse_when_unready,
            ready_path=ready_path,
        )
    )
    app.state.alembic_guard = watcher
    if ready_path is not None:
        _add_route(app.router, ready_path, ready_endpoint(watcher, retry_after))


def _add_route(router: Any, path: str, endpoint: Callable[[Request], Any]) -> None:
    """Before a route that would swallow the path, such as a mount at ``/``; after one of theirs."""
    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    index = len(router.routes)
    for number, route in enumerate(router.routes):
        if route.matches(scope)[0] is Match.FULL:
            index = number if getattr(route, "path", None) != path else number + 1
            break
    router.routes.insert(index, Route(path, endpoint, include_in_schema=False))


def lifespan(watcher: AnyWatcher, inner: Lifespan | None = None) -> Lifespan:
    """A lifespan that runs the watcher around the application's own one."""

    @contextlib.asynccontextmanager
    async def context(app: Any) -> AsyncIterator[Any]:
        await _start(watcher)
        try:
            if inner is None:
                yield
            else:
                async with inner(app) as state:
                    yield state
        finally:
            await _stop(watcher)

    return context


def ready_endpoint(watcher: AnyWatcher, retry_after: int = 1) -> Callable[[Request], Any]:
    """An endpoint that tells whether requests should come in."""

    async def ready(request: Request) -> Response:
        return _response(readiness(watcher, retry_after))

    return ready


class SchemaMiddleware:
    """Pure ASGI: turn an error of drift into a 503, after a look and, if safe, another try."""

    def __init__(
        self,
        app: Any,
        *,
        watcher: AnyWatcher,
        retry_after: int = 1,
        retry: frozenset[str] = frozenset(SAFE_METHODS),
        refuse_when_unready: bool = False,
        ready_path: str | None = None,
    ) -> None:
        self.app = app
        self._watcher = watcher
        self._retry_after = retry_after
        self._retry = retry
        self._refuse = refuse_when_unready
        self._ready_path = ready_path

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self._refuse and not self._watcher.is_ready and scope["path"] != self._ready_path:
            await self._answer(scope, receive, send)
            return
        original = dict(scope)
        if await self._try(scope, receive, send):
            return
        settled = await _settle(self._watcher)
        if settled and scope["method"] in self._retry and await self._try(original, receive, send):
            return
        await self._answer(scope, receive, send)

    async def _try(self, scope: Any, receive: Any, send: Any) -> bool:
        """Run the application; False when drift stopped it before it answered."""
        started = False
        held: list[Any] = []

        async def sending(message: Any) -> None:
            nonlocal started
            # a mounted application answers 500 by itself before it lets the error through
            if held or (message["type"] == "http.response.start" and message["status"] == 500):
                held.append(message)
                return
            started = True
            await send(message)

        async def release() -> None:
            for message in held:
                await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:
            if started or not is_drift(error):
                await release()
                raise
            log.warning("%s %s met drift: %s", scope["method"], scope["path"], first_line(error))
            return False
        await release()
        return True

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        await _response(busy(self._retry_after))(scope, receive, send)


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, headers=answer.headers)


async def _start(watcher: AnyWatcher) -> None:
    if isinstance(watcher, SchemaWatcher):
        await asyncio.to_thread(watcher.start)
    else:
        await watcher.start()


async def _stop(watcher: AnyWatcher) -> None:
    if isinstance(watcher, SchemaWatcher):
        await asyncio.to_thread(watcher.stop)
    else:
        await watcher.stop()


async def _settle(watcher: AnyWatcher) -> bool:
    if isinstance(watcher, SchemaWatcher):
        return await asyncio.to_thread(watcher.settle)
    return await watcher.settle()
