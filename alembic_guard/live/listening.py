"""Which wake-up channel a watcher listens to; polling the ledger always remains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ..channels import AsyncListener, Listener
from ..channels.postgresql import PostgresChannel, can_listen

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine


def listener_for(engine: sa.Engine, channel: str) -> Listener | None:
    """A listener for a thread, not yet connected; None for polling alone.

    :param channel: ``auto``, ``poll``, or a URL such as ``redis://host``.
    """
    if channel == "poll":
        return None
    if channel == "auto":
        return PostgresChannel(engine).listen() if can_listen(engine) else None
    from ..channels.registry import channel_for

    return channel_for(channel).listen()


def async_listener_for(engine: AsyncEngine, channel: str) -> AsyncListener | None:
    """As `listener_for`, for an event loop."""
    if channel == "poll":
        return None
    if channel == "auto":
        return PostgresChannel(engine).listen_async() if can_listen(engine) else None
    from ..channels.registry import channel_for

    return channel_for(channel).listen_async()
