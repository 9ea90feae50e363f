"""The answer of an application whose schema is moving: 503, Retry-After, problem+json.

https://www.rfc-editor.org/rfc/rfc9457 says what a problem document is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..live.facade import WatcherFacade

if TYPE_CHECKING:
    from ..live import AsyncSchemaWatcher, SchemaWatcher

    AnyWatcher = SchemaWatcher | AsyncSchemaWatcher

MEDIA_TYPE = "application/problem+json"
SAFE_METHODS = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Answer:
    """A response no framework has made yet."""

    status: int
    body: bytes
    headers: dict[str, str]


def require_watcher(given: object) -> None:
    """Refuse what is no watcher, such as an engine, when the application is put together."""
    if not isinstance(given, WatcherFacade):
        kind = type(given).__name__
        raise TypeError(f"init_app() needs a SchemaWatcher(engine, Base), and was given: {kind}")


def busy(retry_after: int = 1) -> Answer:
    """What a client gets; the SQL and the names stay in the log."""
    document = {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "The database schema is being updated. Please try again shortly.",
        "retry_after": retry_after,
    }
    return _answer(503, document, {"Retry-After": str(retry_after)}, MEDIA_TYPE)


def readiness(watcher: AnyWatcher, retry_after: int = 1) -> Answer:
    """200 while requests should come in, else 503 with the reason; for a load balancer."""
    report = watcher.report
    if report is None:
        document: dict[str, Any] = {"state": "unknown", "ready": False, "message": "not looked yet"}
        return _answer(503, document, {"Retry-After": str(retry_after)}, MEDIA_TYPE)
    if report.is_ready:
        return _answer(200, report.to_dict(), {}, "application/json")
    document = {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": report.message,
        **report.to_dict(),
    }
    return _answer(503, document, {"Retry-After": str(retry_after)}, MEDIA_TYPE)


def _answer(status: int, document: Any, headers: dict[str, str], media_type: str) -> Answer:
    body = json.dumps(document).encode()
    return Answer(
        status, body, {"Content-Type": media_type, "Cache-Control": "no-store", **headers}
    )
