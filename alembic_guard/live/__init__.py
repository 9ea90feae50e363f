"""Inside the running application: watch the schema, reload it, hold requests while it moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .core import SchemaEvent
from .drift import classify, is_drift
from .options import Options
from .report import SchemaReport
from .watcher import SchemaWatcher

__all__ = [
    "AsyncSchemaWatcher",
    "Options",
    "SchemaEvent",
    "SchemaReport",
    "SchemaWatcher",
    "classify",
    "is_drift",
]

if TYPE_CHECKING:
    from .async_watcher import AsyncSchemaWatcher


def __getattr__(name: str) -> Any:
    """Load the asyncio twin on first use: SQLAlchemy 2.1's asyncio needs greenlet installed."""
    if name == "AsyncSchemaWatcher":
        from .async_watcher import AsyncSchemaWatcher

        return AsyncSchemaWatcher
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
