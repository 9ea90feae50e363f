"""Redis (or Valkey) publish/subscribe: ``redis://host:6379/0?channel=alembic_guard``.

At most once by nature, which is enough: the ledger is the truth.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ..errors import MissingExtra
from .base import ChannelError, parse_epoch

if TYPE_CHECKING:
    from redis import Redis
    from redis.asyncio import Redis as AsyncRedis

DEFAULT_CHANNEL = "alembic_guard"
SLICE_SECONDS = 0.5
_LIMITS: dict[str, Any] = {
    "socket_connect_timeout": 3,
    "socket_timeout": 5,  # for the handshake; waiting for messages has its own limit
    "socket_keepalive": True,
}


def split_option(url: str, option: str, default: str) -> tuple[str, str]:
    """The URL without the query parameter `option`, and that parameter's value."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    value = query.pop(option, default)
    return urlunsplit(parts._replace(query=urlencode(query))), value


class RedisChannel:
    """Wake-ups through one publish/subscribe channel."""

    name = "redis"

    def __init__(self, url: str) -> None:
        self._url, self._channel = split_option(url, "channel", DEFAULT_CHANNEL)
        self._client: Redis | None = None

    def wake(self, epoch: int) -> None:
        """Publish the epoch."""
        with as_channel_error():
            if self._client is None:
                self._client = _library().Redis.from_url(self._url, **_LIMITS)
            self._client.publish(self._channel, str(epoch))

    def listen(self) -> RedisListener:
        """A listener for a thread."""
        return RedisListener(self._url, self._channel)

    def listen_async(self) -> AsyncRedisListener:
        """A listener for asyncio."""
        return AsyncRedisListener(self._url, self._channel)

    def close(self) -> None:
        """Close the publishing connection."""
        if self._client is not None:
            self._client.close()
            self._client = None


class RedisListener:
    """Hears of epochs on a connection of its own."""

    def __init__(self, url: str, channel: str) -> None:
        self._url, self._channel = url, channel
        self._interrupted = threading.Event()

    def __enter__(self) -> RedisListener:
        with as_channel_error():
            self._client: Redis = _library().Redis.from_url(self._url, **_LIMITS)
            self._subscription: Any = self._client.pubsub(ignore_subscribe_messages=True)
            self._subscription.subscribe(self._channel)
            # the server's confirmation: from here on nothing published is missed
            self._subscription.get_message(timeout=3)
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(Exception):
            self._subscription.close()
        self._client.close()

    def wait(self, timeout: float) -> int | None:
        """The newest epoch heard within `timeout` seconds, or None."""
        deadline = time.monotonic() + timeout
        with as_channel_error():
            while (left := deadline - time.monotonic()) > 0:
                if self._interrupted.is_set():
                    self._interrupted.clear()
                    return None
                message = self._subscription.get_message(timeout=min(left, SLICE_SECONDS))
                newest = None
                while message is not None:
                    newest = _epoch(message) or newest
                    message = self._subscription.get_message(timeout=0)
                if newest is not None:
                    return newest
        return None

    def interrupt(self) -> None:
        """Make a `wait` in another thread return within half a second."""
        self._interrupted.set()

    def probe(self, timeout: float) -> bool:
        """Whether the server answers on the subscription's own connection."""
        deadline = time.monotonic() + timeout
        with as_channel_error():
            self._subscription.ping()
            while (left := deadline - time.monotonic()) > 0:
                if _is_pong(self._subscription.get_message(timeout=left)):
                    return True
        return False


class AsyncRedisListener:
    """Hears of epochs in the running event loop."""

    def __init__(self, url: str, channel: str) -> None:
        self._url, self._channel = url, channel

    async def __aenter__(self) -> AsyncRedisListener:
        with as_channel_error():
            self._client: AsyncRedis = _library().asyncio.Redis.from_url(self._url, **_LIMITS)
            self._subscription: Any = self._client.pubsub(ignore_subscribe_messages=True)
            await self._subscription.subscribe(self._channel)
            await self._subscription.get_message(timeout=3)
        return self

    async def __aexit__(self, *_: object) -> None:
        with contextlib.suppress(Exception):
            await self._subscription.aclose()
        await self._client.aclose()

    async def wait(self, timeout: float) -> int | None:
        """The newest epoch heard within `timeout` seconds, or None."""
        deadline = time.monotonic() + timeout
        with as_channel_error():
            while (left := deadline - time.monotonic()) > 0:
                message = await self._subscription.get_message(timeout=left)
                epoch = _epoch(message) if message else None
                if epoch is not None:
                    return epoch
        return None

    async def probe(self, timeout: float) -> bool:
        """As `RedisListener.probe`."""
        deadline = time.monotonic() + timeout
        with as_channel_error():
            await self._subscription.ping()
            while (left := deadline - time.monotonic()) > 0:
                if _is_pong(await self._subscription.get_message(timeout=left)):
                    return True
        return False


def _epoch(message: dict[str, Any]) -> int | None:
    return parse_epoch(message["data"]) if message.get("type") == "message" else None


def _is_pong(message: dict[str, Any] | None) -> bool:
    return message is not None and message.get("type") == "pong"


def _library() -> Any:
    try:
        import redis
        import redis.asyncio
    except ImportError as error:
        raise MissingExtra("redis", "redis", "the redis channel") from error
    return redis


@contextlib.contextmanager
def as_channel_error() -> Iterator[None]:
    """The library's errors as the one error a listener's owner handles."""
    try:
        yield
    except (ChannelError, MissingExtra):
        raise
    except Exception as error:
        raise ChannelError(f"{type(error).__name__}: {error}") from error
