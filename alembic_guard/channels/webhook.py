"""An HTTP POST to where the apps can be reached: ``https://app.example/hooks/schema``.

The body is ``{"epoch": 12, "sent": 1790000000}``; the header ``X-Alembic-Guard-Signature`` is
``sha256=`` and the HMAC of the body under the secret in ``ALEMBIC_GUARD_WEBHOOK_SECRET``.
The app hands what it received to `WebhookInbox.deliver`.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import threading
import time
import urllib.request
from collections.abc import Callable

from ..usage import UsageError
from .base import ChannelError

SECRET_VARIABLE = "ALEMBIC_GUARD_WEBHOOK_SECRET"
SIGNATURE_HEADER = "X-Alembic-Guard-Signature"
OLDEST_SECONDS = 300
TIMEOUT_SECONDS = 5


def sign(secret: str, body: bytes) -> str:
    """The value of the signature header."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class WebhookChannel:
    """Sends wake-ups; its URL may name a load balancer, the apps then poll the rest."""

    name = "webhook"

    def __init__(self, url: str, secret: str | None = None) -> None:
        self._url = url
        self._secret = secret or os.environ.get(SECRET_VARIABLE, "")
        if not self._secret:
            raise UsageError(f"the webhook channel needs a secret in {SECRET_VARIABLE}")

    def wake(self, epoch: int) -> None:
        """POST the epoch; anything but a 2xx answer is an error."""
        body = json.dumps({"epoch": epoch, "sent": int(time.time())}).encode()
        headers = {"Content-Type": "application/json", SIGNATURE_HEADER: sign(self._secret, body)}
        request = urllib.request.Request(self._url, body, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):
                pass
        except OSError as error:
            # urllib's errors carry no URL, and so no password of one
            raise ChannelError(f"{type(error).__name__}: {error}") from error

    def listen(self) -> WebhookInbox:
        """An inbox the app's own route delivers to."""
        return WebhookInbox(self._secret)

    def listen_async(self) -> AsyncWebhookInbox:
        """The same for asyncio."""
        return AsyncWebhookInbox(self._secret)

    def close(self) -> None:
        """Nothing is kept open."""


def verified_epoch(secret: str, body: bytes, signature: str, now: float) -> int | None:
    """The epoch of a genuine and recent message, else None.

    :param now: seconds since 1970; older than five minutes counts as replayed.
    """
    if not hmac.compare_digest(sign(secret, body).encode(), signature.encode()):
        return None
    try:
        message = json.loads(body)
        is_recent = abs(now - message["sent"]) <= OLDEST_SECONDS
        return int(message["epoch"]) if is_recent else None
    except (ValueError, KeyError, TypeError):
        return None


class WebhookInbox:
    """Hears what the app's route received; one inbox a process."""

    def __init__(self, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._secret, self._clock = secret, clock
        self._condition = threading.Condition()
        self._epoch: int | None = None
        self._is_interrupted = False

    def __enter__(self) -> WebhookInbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.interrupt()

    def deliver(self, body: bytes, signature: str) -> bool:
        """Take what was POSTed; False (answer 403) when it is not genuine."""
        epoch = verified_epoch(self._secret, body, signature, self._clock())
        if epoch is None:
            return False
        with self._condition:
            self._epoch = max(epoch, self._epoch or 0)
            self._condition.notify_all()
        return True

    def wait(self, timeout: float) -> int | None:
        """The newest epoch delivered within `timeout` seconds, or None."""
        with self._condition:
            self._condition.wait_for(
                lambda: self._epoch is not None or self._is_interrupted, timeout
            )
            epoch, self._epoch, self._is_interrupted = self._epoch, None, False
            return epoch

    def interrupt(self) -> None:
        """Make a `wait` in another thread return now."""
        with self._condition:
            self._is_interrupted = True
            self._condition.notify_all()

    def probe(self, timeout: float) -> bool:
        """Nobody can tell from here whether a POST would arrive: poll as well."""
        return False


class AsyncWebhookInbox:
    """As `WebhookInbox`, for a route in the same event loop."""

    def __init__(self, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._secret, self._clock = secret, clock
        self._heard: asyncio.Queue[int] = asyncio.Queue()

    async def __aenter__(self) -> AsyncWebhookInbox:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    def deliver(self, body: bytes, signature: str) -> bool:
        """Take what was POSTed; False (answer 403) when it is not genuine."""
        epoch = verified_epoch(self._secret, body, signature, self._clock())
        if epoch is not None:
            self._heard.put_nowait(epoch)
        return epoch is not None

    async def wait(self, timeout: float) -> int | None:
        """The newest epoch delivered within `timeout` seconds, or None."""
        try:
            epoch = await asyncio.wait_for(self._heard.get(), timeout)
        except asyncio.TimeoutError:
            return None
        while not self._heard.empty():
            epoch = max(epoch, self._heard.get_nowait())
        return epoch

    async def probe(self, timeout: float) -> bool:
        """Nobody can tell from here whether a POST would arrive: poll as well."""
        return False
