"""The watcher's own connections in an event loop; see `connections`."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ..ledger.connections import twin_engine
from .connections import guarded, handshake_seconds, is_in_memory


@contextlib.asynccontextmanager
async def own_connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection of our own; the pool's one for a database in memory."""
    if is_in_memory(engine.sync_engine):
        async with engine.connect() as shared:
            yield await shared.execution_options(isolation_level="AUTOCOMMIT")
        return
    twin = AsyncEngine(twin_engine(engine.sync_engine))
    try:
        # aiomysql limits the connecting but not the handshake after it
        connection = await asyncio.wait_for(twin.connect().start(), handshake_seconds())
        try:
            await connection.get_raw_connection()
            assert connection.sync_connection is not None
            with guarded(connection.sync_connection):
                yield await connection.execution_options(isolation_level="AUTOCOMMIT")
        finally:
            await connection.close()
    finally:
        await twin.dispose()
