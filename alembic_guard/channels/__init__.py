"""Wake-ups for running apps: one transport a file, all optional, the ledger is the truth."""

from __future__ import annotations

from .base import AsyncListener, Channel, ChannelError, Listener, parse_epoch
from .registry import channel_for

__all__ = ["AsyncListener", "Channel", "ChannelError", "Listener", "channel_for", "parse_epoch"]
