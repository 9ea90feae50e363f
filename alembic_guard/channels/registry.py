"""Channels by the scheme of their URL, ours and those of other packages.

Another package registers a scheme under the entry point group ``alembic_guard.channels``:
``kafka = "my_package:kafka_channel"``, a callable that takes the URL and returns a `Channel`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import entry_points
from typing import cast

from ..usage import UsageError
from .base import Channel

GROUP = "alembic_guard.channels"
_OWN = {
    "redis": "redis:RedisChannel",
    "rediss": "redis:RedisChannel",
    "unix": "redis:RedisChannel",
    "nats": "nats:NatsChannel",
    "tls": "nats:NatsChannel",
    "http": "webhook:WebhookChannel",
    "https": "webhook:WebhookChannel",
    "signal": "posix_signal:SignalChannel",
}


def channel_for(url: str) -> Channel:
    """The channel a URL such as ``redis://host:6379/0`` names, not yet connected."""
    scheme = url.partition("://")[0].lower()
    if scheme in _OWN:
        module, name = _OWN[scheme].split(":")
        factory = getattr(import_module(f".{module}", __package__), name)
        return cast("Channel", factory(url))
    for entry_point in entry_points(group=GROUP):
        if entry_point.name == scheme:
            return cast("Channel", entry_point.load()(url))
    known = ", ".join(f"{scheme}://" for scheme in _OWN)
    raise UsageError(f"no channel for {scheme!r}: known are {known} and entry points of {GROUP!r}")


ChannelFactory = Callable[[str], Channel]
