"""Where the connections of one engine pass: all its gates at once, or none.

An engine may have several watchers, each with a gate. Work that waits at one of them must not
count as under way at another, which would wait for it while it waits for the first to open.
"""

from __future__ import annotations

import contextlib
import contextvars
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

if TYPE_CHECKING:
    from .gate import PauseGate

_passes = contextvars.ContextVar("alembic_guard_passes", default=False)


@contextlib.contextmanager
def passing_gates() -> Iterator[None]:
    """Let the watcher's own checkouts through."""
    token = _passes.set(True)
    try:
        yield
    finally:
        _passes.reset(token)


def is_passing() -> bool:
    """Whether this is the watcher's own work."""
    return _passes.get()


class Turnstile:
    """Listens to one engine's pool for the gates that stand in it."""

    def __init__(self) -> None:
        self._gates: tuple[PauseGate, ...] = ()

    def add(self, engine: Engine, gate: PauseGate) -> None:
        """From now on connections pass this gate, too."""
        if not self._gates:
            for name, listener in self._listeners():
                event.listen(engine, name, listener)
        self._gates = (*self._gates, gate)

    def remove(self, engine: Engine, gate: PauseGate) -> None:
        """Leave the engine as it was once the last gate has gone."""
        self._gates = tuple(one for one in self._gates if one is not gate)
        if not self._gates:
            for name, listener in self._listeners():
                event.remove(engine, name, listener)

    def _listeners(self) -> tuple[tuple[str, Any], ...]:
        return (
            ("connect", self._on_connect),
            ("checkout", self._on_checkout),
            ("checkin", self._on_checkin),
            ("detach", self._on_checkin),
        )

    def _on_connect(self, dbapi_connection: Any, record: Any) -> None:
        for gate in self._gates:
            gate.plans.on_connect(dbapi_connection, record)

    def _on_checkout(self, dbapi_connection: Any, record: Any, proxy: Any) -> None:
        if is_passing():
            return
        run_async = getattr(dbapi_connection, "run_async", None)
        while (gate := self._holding(record)) is not None:
            if run_async is None:
                gate.wait()
            else:
                run_async(lambda _, gate=gate: gate.wait_async())
        for gate in self._gates:
            gate.plans.heal(dbapi_connection, record)

    def _holding(self, record: Any) -> PauseGate | None:
        """Enter all gates; where one is closed, that one, and none is entered."""
        entered: list[PauseGate] = []
        for gate in self._gates:
            if not gate.enter(record):
                for other in entered:
                    other.leave(record)
                return gate
            entered.append(gate)
        return None

    def _on_checkin(self, dbapi_connection: Any, record: Any) -> None:
        for gate in self._gates:
            gate.leave(record)


_turnstiles: weakref.WeakKeyDictionary[Engine, Turnstile] = weakref.WeakKeyDictionary()


def turnstile_of(engine: Engine) -> Turnstile:
    """The engine's one turnstile."""
    return _turnstiles.setdefault(engine, Turnstile())
