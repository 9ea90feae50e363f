"""Gates at the pool: what waits at one is in nobody's way."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from alembic_guard.live.gate import PauseGate
from alembic_guard.live.plans import StalePlans

SECONDS = 30.0


def gate_of(engine: Engine) -> PauseGate:
    gate = PauseGate((engine,), StalePlans([engine]))
    gate.attach()
    return gate


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.fixture(name="engine")
def _engine(tmp_path: Path) -> Iterator[Engine]:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/app.db")
    yield engine
    engine.dispose()


@pytest.mark.parametrize("closed", [0, 1], ids=["the first is closed", "the second is closed"])
def test_who_waits_at_one_gate_of_an_engine_is_not_waited_for_at_another(
    engine: Engine, closed: int
) -> None:
    gates = [gate_of(engine), gate_of(engine)]
    gates[closed].close(SECONDS)
    done = threading.Event()

    def work() -> None:
        with engine.connect():
            done.set()

    worker = threading.Thread(target=work)
    worker.start()
    until(lambda: gates[closed].held > 0)

    assert gates[1 - closed].drain(SECONDS)
    assert not done.is_set()
    gates[closed].open()
    worker.join(SECONDS)
    assert done.is_set()
    assert [gate.busy() for gate in gates] == [0, 0]
    for gate in gates:
        gate.detach()


def test_who_waits_at_one_gate_of_an_asyncio_engine_is_not_waited_for_at_another(
    tmp_path: Path,
) -> None:
    async def work(engine: AsyncEngine) -> None:
        async with engine.connect():
            pass

    async def story() -> None:
        engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/app.db")
        gates = [gate_of(engine.sync_engine), gate_of(engine.sync_engine)]
        gates[1].close(SECONDS)
        task = asyncio.create_task(work(engine))
        while not gates[1].held:
            await asyncio.sleep(0.005)

        assert await gates[0].drain_async(SECONDS)
        assert not task.done()
        gates[1].open()
        await asyncio.wait_for(task, SECONDS)
        assert [gate.busy() for gate in gates] == [0, 0]
        for gate in gates:
            gate.detach()
        await engine.dispose()

    asyncio.run(story())


def test_who_holds_a_connection_passes_every_closed_gate(engine: Engine) -> None:
    gates = [gate_of(engine), gate_of(engine)]
    with engine.connect():
        for gate in gates:
            gate.close(SECONDS)
        with engine.connect():
            assert [gate.busy() for gate in gates] == [2, 2]
    for gate in gates:
        gate.detach()


def test_an_engine_without_gates_is_as_it_was(engine: Engine) -> None:
    first, second = gate_of(engine), gate_of(engine)
    first.detach()
    with engine.connect():
        assert second.busy() == 1
    second.detach()
    second.close(SECONDS)
    with engine.connect():
        assert second.busy() == 0
