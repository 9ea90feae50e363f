from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from alembic_guard.ledger import Entry
from alembic_guard.ledger.apps import list_apps
from alembic_guard.live import AsyncSchemaWatcher
from alembic_guard.live.compiling import installed_hooks
from alembic_guard.renames import renamed_from
from tests.fixtures.databases import ASYNC_DRIVERS
from tests.live.battery import Models, build_models, create_tables
from tests.live.stories import ADD, RENAME, ensure_ledger, migrate, publish

TO_NEW = "alter table sessions rename column metadata to session_metadata"


@pytest.fixture(name="play")
def _play(
    kind: str, engine: sa.Engine, database_url: URL
) -> Iterator[Callable[[Callable[[AsyncEngine], Awaitable[None]]], None]]:
    """Run a coroutine with an asyncio engine on the prepared database."""
    create_tables(engine, kind)
    ensure_ledger(engine)

    def play(story: Callable[[AsyncEngine], Awaitable[None]]) -> None:
        async def main() -> None:
            url = database_url.set(drivername=ASYNC_DRIVERS[kind])
            async_engine = create_async_engine(url, pool_size=3)
            try:
                await asyncio.wait_for(story(async_engine), 60)
            finally:
                await async_engine.dispose()

        asyncio.run(main())
        assert installed_hooks() == frozenset()

    return play


async def round_trip(engine: AsyncEngine, models: Models) -> None:
    S = models.session
    async with AsyncSession(engine) as session:
        row = await session.get_one(S, 1)
        row.md = "written"
        session.add(S(title="new"))
        await session.commit()
        found = await session.scalars(select(S.md).where(S.md == "written"))
        assert found.all() == ["written"]


def test_old_and_new_code_follow_a_rename_side_by_side(
    engine: sa.Engine, play: Callable[..., None]
) -> None:
    old, new = build_models(), build_models("session_metadata", info=renamed_from("metadata"))

    async def story(app: AsyncEngine) -> None:
        async with (
            AsyncSchemaWatcher(app, old.base, config=False) as one,
            AsyncSchemaWatcher(app, new.base, config=False) as two,
        ):
            await round_trip(app, old)
            await round_trip(app, new)
            epoch = await asyncio.to_thread(migrate, engine, TO_NEW, RENAME)
            assert await one.wait_for(epoch, 30)
            assert await two.wait_for(epoch, 30)
            await round_trip(app, old)
            await round_trip(app, new)

    play(story)


def test_masked_column_is_unmasked_within_two_seconds(
    engine: sa.Engine, play: Callable[..., None]
) -> None:
    models = build_models(missing=True)

    async def story(app: AsyncEngine) -> None:
        async with AsyncSchemaWatcher(app, models.base, config=False) as watcher:
            await round_trip(app, models)
            assert watcher.is_ready
            sql = "alter table sessions add column chat_session_id varchar(50)"
            await asyncio.to_thread(migrate, engine, sql, ADD)
            assert await wait_until(lambda: watcher.report is not None and watcher.report.ok, 30)
            async with AsyncSession(app) as session:
                session.add(models.session(chat="value"))
                await session.commit()

    play(story)


def test_pause_holds_tasks_drains_and_resumes(engine: sa.Engine, play: Callable[..., None]) -> None:
    models = build_models()

    async def story(app: AsyncEngine) -> None:
        async with AsyncSchemaWatcher(app, models.base, config=False, poll=0.02):
            session = AsyncSession(app)
            await session.get(models.session, 1)
            await asyncio.to_thread(publish, engine, Entry("pause", lease=20.0, mode="pause"))
            assert not await wait_until(lambda: state_of(engine) == "paused", 0.3)
            await session.close()
            assert await wait_until(lambda: state_of(engine) == "paused", 30)
            request = asyncio.create_task(round_trip(app, models))
            await asyncio.sleep(0.15)
            assert not request.done()
            await asyncio.to_thread(migrate, engine, TO_NEW, RENAME)
            await asyncio.wait_for(request, 30)
            assert await wait_until(lambda: state_of(engine) == "degraded", 30)

    play(story)


def test_drift_is_caught_up_and_retried_once(engine: sa.Engine, play: Callable[..., None]) -> None:
    models = build_models()
    calls: list[int] = []

    async def story(app: AsyncEngine) -> None:
        options: dict[str, Any] = {"config": False, "poll": 60, "channel": "poll"}
        async with AsyncSchemaWatcher(app, models.base, **options) as watcher:

            async def work() -> None:
                calls.append(1)
                await round_trip(app, models)

            await asyncio.to_thread(migrate, engine, TO_NEW, RENAME)
            await watcher.retrying(work)

    play(story)
    assert len(calls) == 2


def test_wrong_kind_of_engine_is_named() -> None:
    engine = sa.create_engine("sqlite://")
    with pytest.raises(TypeError, match="use SchemaWatcher"):
        AsyncSchemaWatcher(engine, build_models().base)  # type: ignore[arg-type]
    engine.dispose()


def state_of(engine: sa.Engine) -> str:
    with engine.connect() as connection:
        [row] = list_apps(connection)
    return row.state


async def wait_until(is_true: Callable[[], bool], seconds: float) -> bool:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while loop.time() < deadline:
        if await asyncio.to_thread(is_true):
            return True
        await asyncio.sleep(0.01)
    return is_true()


@pytest.mark.parametrize("ticks", range(6))
def test_stop_ends_the_task_though_a_wake_up_comes_at_the_same_moment(
    ticks: int, tmp_path: Path
) -> None:
    async def story() -> None:
        engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/app.db")
        watcher = AsyncSchemaWatcher(engine, build_models().base, config=False, poll=5.0)
        await watcher.start()
        await asyncio.sleep(0.05)
        watcher._woken.set()
        for _ in range(ticks):
            await asyncio.sleep(0)
        await asyncio.wait_for(watcher.stop(), 20.0)
        await engine.dispose()

    asyncio.run(story())
