"""What a transport of wake-ups is: one Protocol to send, two to hear.

A wake-up carries an epoch and nothing else. It may be lost, repeated or forged: whoever
hears one reads the ledger from its own cursor, so the worst a transport can do is to be
late by one polling interval or to cost one SELECT.
"""

from __future__ import annotations

from types import TracebackType
from typing import Protocol

# the NOTIFY channel; PostgreSQL scopes it to the database
NOTIFY_CHANNEL = "alembic_guard"


class ChannelError(OSError):
    """The transport broke: connect again after a pause, then read the ledger."""


class Listener(Protocol):
    """The hearing end for a thread: a context manager whose entry connects and subscribes."""

    def __enter__(self) -> Listener: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    def wait(self, timeout: float) -> int | None:
        """Block for at most `timeout` seconds; the newest epoch heard, or None.

        :raises ChannelError: when the transport broke.
        """

    def interrupt(self) -> None:
        """Make a `wait` in another thread return None soon; harmless at any time."""

    def probe(self, timeout: float) -> bool:
        """Whether this listener can hear at all: it sends itself a wake-up and waits.

        PgBouncer in transaction mode accepts LISTEN silently and never delivers. A wake-up
        that comes meanwhile may be swallowed: look at the ledger afterwards.
        """


class AsyncListener(Protocol):
    """The hearing end for asyncio: the same verbs, awaited."""

    async def __aenter__(self) -> AsyncListener: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    async def wait(self, timeout: float) -> int | None:
        """As `Listener.wait`; cancelling it is safe."""

    async def probe(self, timeout: float) -> bool:
        """As `Listener.probe`."""


class Channel(Protocol):
    """One way of waking apps; cheap to construct, connects when first used."""

    name: str

    def wake(self, epoch: int) -> None:
        """Send a wake-up; called after the ledger row is committed.

        :raises ChannelError: when it could not be sent; the ledger stays the truth.
        """

    def listen(self) -> Listener:
        """A new listener for a thread, not yet connected."""

    def listen_async(self) -> AsyncListener:
        """A new listener for asyncio, not yet connected."""

    def close(self) -> None:
        """Give back what `wake` has opened."""


def parse_epoch(payload: str | bytes | None) -> int | None:
    """The epoch a wake-up carries; None when it is not one of ours."""
    text = payload.decode("ascii", "replace") if isinstance(payload, bytes) else payload or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
