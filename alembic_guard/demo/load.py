"""A bounded load on one local HTTP service, and what came of it."""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType

Request = tuple[str, str]
MAX_REQUESTS = 200_000


@dataclass
class Tally:
    """What the load saw: counts, the longest wait in seconds, and each acknowledged write."""

    sent: int = 0
    failed: int = 0
    longest: float = 0.0
    written: dict[int, str] = field(default_factory=dict)
    first_failure: str = ""


class Load:
    """Threads that send requests in turn until they are told to stop.

    :param request: gives the n-th request as (method, path).
    :param threads: how many send at once.
    """

    def __init__(self, port: int, request: Callable[[int], Request], *, threads: int = 4) -> None:
        self.port = port
        self.tally = Tally()
        self._request = request
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(threads)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=60)

    def wait_for(self, more: int, *, timeout: float = 120.0) -> None:
        """Return once `more` further requests were answered, or after `timeout` seconds."""
        goal = self.tally.sent + more
        deadline = time.monotonic() + timeout
        while self.tally.sent < goal and time.monotonic() < deadline:
            time.sleep(0.02)

    def _run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while not self._stop.is_set() and self.tally.sent < MAX_REQUESTS:
            method, path = self._request(next(self._numbers))
            started = time.monotonic()
            try:
                connection.request(method, path)
                response = connection.getresponse()
                status, body = response.status, response.read()
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                status, body = 0, repr(error).encode()
            self._count(method, path, status, body, time.monotonic() - started)
        connection.close()

    def _count(self, method: str, path: str, status: int, body: bytes, seconds: float) -> None:
        with self._lock:
            tally = self.tally
            tally.sent += 1
            tally.longest = max(tally.longest, seconds)
            if status != 200:
                tally.failed += 1
                text = body.decode(errors="replace")[:200]
                tally.first_failure = tally.first_failure or f"{method} {path}: {status} {text}"
            elif method == "POST":
                tally.written[json.loads(body)["id"]] = path.rpartition("=")[2]
