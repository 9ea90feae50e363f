"""Connections of one's own, beside the pool of the user's engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine


def twin_engine(engine: sa.Engine) -> sa.Engine:
    """An engine with the same credentials, `creator` and events, and an empty pool of its own.

    Unlike ``create_engine(engine.url)`` it keeps what the user has attached to the engine's
    pool and dialect. Dispose of it after use.
    """
    return sa.Engine(
        engine.pool.recreate(), engine.dialect, engine.url, hide_parameters=engine.hide_parameters
    )


def is_async_engine(engine: Any) -> TypeGuard[AsyncEngine]:
    """Whether it is an `AsyncEngine`, without importing SQLAlchemy's asyncio to find out.

    Since SQLAlchemy 2.1 that import fails where greenlet is not installed.
    """
    return hasattr(engine, "sync_engine")
