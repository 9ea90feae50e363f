from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from alembic_guard.errors import MaskedColumn
from alembic_guard.facts import SchemaChange
from alembic_guard.ledger import Entry, Ledger
from alembic_guard.ledger.apps import list_apps
from alembic_guard.live import SchemaWatcher
from alembic_guard.live.catalog import read_catalog
from alembic_guard.live.compiling import installed_hooks
from alembic_guard.renames import renamed_from
from tests.live.battery import (
    FILTERS,
    build_models,
    create_tables,
    execute,
    failures,
    play,
    prebuilt,
)
from tests.live.stories import ADD, BACK, RENAME, ensure_ledger, migrate, publish


@pytest.fixture(name="app_engine")
def _app_engine(database_url: sa.URL) -> Iterator[sa.Engine]:
    """The application's own engine, with a pool."""
    engine = sa.create_engine(database_url, pool_size=3, max_overflow=2)
    yield engine
    engine.dispose()
    assert installed_hooks() == frozenset()


def to_new(kind: str) -> str:
    return "alter table sessions rename column metadata to session_metadata"


def test_old_code_follows_a_rename_and_its_downgrade(
    kind: str, engine: sa.Engine, app_engine: sa.Engine
) -> None:
    create_tables(engine, kind)
    ensure_ledger(engine)
    models = build_models()
    statements = prebuilt(models)
    with SchemaWatcher(app_engine, models.base, config=False) as watcher:
        assert watcher.report is not None
        assert watcher.report.state == "current"
        epoch = migrate(engine, to_new(kind), RENAME)
        assert watcher.wait_for(epoch, 30)

        assert failures(play(app_engine, models, statements)) == {}
        assert watcher.report.state == "degraded"

        back = "alter table sessions rename column session_metadata to metadata"
        epoch = migrate(engine, back, BACK)
        assert watcher.wait_for(epoch, 30)

        assert failures(play(app_engine, models, statements)) == {}
        assert installed_hooks() == frozenset()


def test_new_code_starts_before_the_rename_and_is_freed_by_it(
    kind: str, engine: sa.Engine, app_engine: sa.Engine
) -> None:
    create_tables(engine, kind)
    ensure_ledger(engine)
    models = build_models("session_metadata", info=renamed_from("metadata"))
    statements = prebuilt(models)
    with SchemaWatcher(app_engine, models.base, config=False) as watcher:
        assert failures(play(app_engine, models, statements)) == {}

        assert watcher.wait_for(migrate(engine, to_new(kind), RENAME), 30)

        assert failures(play(app_engine, models, statements)) == {}
        assert installed_hooks() == frozenset()


def test_old_code_started_after_the_rename_reads_the_ledger(
    kind: str, engine: sa.Engine, app_engine: sa.Engine
) -> None:
    create_tables(engine, kind)
    ensure_ledger(engine)
    migrate(engine, to_new(kind), RENAME)
    models = build_models()
    with SchemaWatcher(app_engine, models.base, config=False) as watcher:
        with Session(app_engine) as session:
            session.add(models.session(md="kept"))
            session.commit()

        assert watcher.report is not None
        assert [d.kind for d in watcher.report.differences] == ["renamed_column"]
    with engine.connect() as connection:
        query = "select count(*) from sessions where session_metadata = 'kept'"
        assert connection.exec_driver_sql(query).scalar() == 1


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "by plain SQL"])
def test_model_ahead_of_the_database_is_masked_and_unmasked(
    kind: str, engine: sa.Engine, app_engine: sa.Engine, announced: bool
) -> None:
    create_tables(engine, kind)
    if announced:
        ensure_ledger(engine)
    models = build_models(missing=True)
    statements = prebuilt(models, missing=True)
    with SchemaWatcher(app_engine, models.base, config=False) as watcher:
        results = play(app_engine, models, statements)

        assert set(failures(results)) == FILTERS
        assert all(isinstance(results[name], MaskedColumn) for name in FILTERS)
        assert watcher.is_ready

        sql = "alter table sessions add column chat_session_id varchar(50)"
        if announced:
            migrate(engine, sql, ADD)
        else:
            execute(engine, sql)
        deadline = time.monotonic() + 30
        while not watcher.report.ok and time.monotonic() < deadline:  # type: ignore[union-attr]
            time.sleep(0.02)

        assert failures(play(app_engine, models, statements)) == {}


def test_pause_holds_new_work_drains_and_resumes_after_the_change(
    kind: str, engine: sa.Engine, app_engine: sa.Engine
) -> None:
    create_tables(engine, kind)
    ensure_ledger(engine)
    models = build_models()
    S = models.session
    with SchemaWatcher(app_engine, models.base, name="shop", config=False, poll=0.02):
        session = Session(app_engine)
        session.get(S, 1)  # work under way holds its connection
        pause = publish(engine, Entry("pause", lease=20.0, mode="pause"))
        held: list[object] = []
        assert not wait_until(lambda: app_row(engine).state == "paused", 0.3)
        session.close()
        assert wait_until(lambda: app_row(engine).state == "paused", 30)
        assert app_row(engine).epoch == pause

        def request() -> None:
            with Session(app_engine) as own:
                held.append(own.get(S, 1))

        thread = threading.Thread(target=request)
        thread.start()
        thread.join(0.2)
        assert held == []

        epoch = migrate(engine, to_new(kind), RENAME)
        thread.join(5)

        assert len(held) == 1
        assert wait_until(lambda: app_row(engine).has_acknowledged(epoch), 30)


@pytest.mark.parametrize("ending", ["resumed", "lease"])
def test_a_pause_that_comes_to_nothing_lets_work_go_on(
    ending: str, kind: str, engine: sa.Engine, app_engine: sa.Engine
) -> None:
    create_tables(engine, kind)
    ensure_ledger(engine)
    models = build_models()
    lease = 0.4 if ending == "lease" else 30.0
    with SchemaWatcher(app_engine, models.base, config=False, poll=0.02) as watcher:
        publish(engine, Entry("pause", lease=lease, mode="pause"))
        assert wait_until(lambda: watcher.core.gate.is_closed, 30)
        if ending == "resumed":
            publish(engine, Entry("resumed", mode="pause"))
        with Session(app_engine) as session:
            assert session.get(models.session, 1) is not None
        assert wait_until(lambda: app_row(engine).state == "current", 30)


def test_thread_that_holds_a_connection_may_take_a_second_one_during_a_pause(
    kind: str, engine: sa.Engine, app_engine: sa.Engine
) -> None:
    create_tables(engine, kind)
    ensure_ledger(engine)
    models = build_models()
    with SchemaWatcher(app_engine, models.base, config=False, poll=0.02) as watcher:
        with Session(app_engine) as first:
            first.get(models.session, 1)
            publish(engine, Entry("pause", lease=20.0, mode="pause"))
            assert wait_until(lambda: watcher.core.gate.is_closed, 30)
            with Session(app_engine) as second:
                assert second.get(models.session, 2) is not None
        publish(engine, Entry("resumed", mode="pause"))


def test_app_row_is_written_and_removed(
    kind: str, engine: sa.Engine, app_engine: sa.Engine
) -> None:
    create_tables(engine, kind)
    ensure_ledger(engine)
    with SchemaWatcher(app_engine, build_models().base, name="shop", config=False):
        row = app_row(engine)

        assert (row.app, row.state, row.epoch) == ("shop", "current", 1)
        assert row.identity
    with engine.connect() as connection:
        assert list_apps(connection) == []


def test_error_of_drift_is_caught_up_and_retried_once(
    kind: str, engine: sa.Engine, app_engine: sa.Engine
) -> None:
    create_tables(engine, kind)
    ensure_ledger(engine)
    models = build_models()
    calls = []
    with SchemaWatcher(app_engine, models.base, config=False, poll=60, channel="poll") as watcher:

        def work() -> int:
            calls.append(1)
            with Session(app_engine) as session:
                return len(session.scalars(select(models.session)).all())

        migrate(engine, to_new(kind), RENAME)

        assert watcher.retrying(work) == 2
        assert len(calls) == 2


def test_restored_ledger_and_lost_entries_mean_a_look_at_everything(
    kind: str, engine: sa.Engine, app_engine: sa.Engine
) -> None:
    create_tables(engine, kind)
    ensure_ledger(engine)
    models = build_models(missing=True)
    with SchemaWatcher(app_engine, models.base, config=False) as watcher:
        for _ in range(3):
            publish(engine, Entry("applied", changes=(), touched=("other",)))
        assert watcher.wait_for(4, 30)
        execute(engine, "delete from alembic_guard_change where epoch > 2")
        assert wait_until(lambda: watcher.epoch == 2, 30)
        execute(engine, "alter table sessions add column chat_session_id varchar(50)")
        with engine.begin() as connection:
            ledger = Ledger()
            for _ in range(4):
                ledger.append(connection, Entry("applied", touched=("other",)))
            ledger.compact(connection, 1)

        assert watcher.wait_for(6, 30)
        assert wait_until(lambda: watcher.report is not None and watcher.report.ok, 30)


def test_check_of_a_watcher_that_does_not_run_changes_nothing(
    kind: str, engine: sa.Engine, app_engine: sa.Engine
) -> None:
    create_tables(engine, kind)
    models = build_models(missing=True)
    report = SchemaWatcher(app_engine, models.base, config=False).check()

    assert report.state == "degraded"
    assert "sessions.chat_session_id is not in the database" in report.describe()
    assert "no ledger" in report.message
    assert installed_hooks() == frozenset()


def test_on_change_tells_before_after_and_changes(
    kind: str, engine: sa.Engine, app_engine: sa.Engine
) -> None:
    create_tables(engine, kind)
    ensure_ledger(engine)
    heard: list[tuple[str, str]] = []
    with SchemaWatcher(app_engine, build_models().base, config=False) as watcher:
        watcher.on_change(
            lambda e: heard.extend((e.after.state, change.kind) for change in e.changes)
        )
        assert watcher.wait_for(migrate(engine, to_new(kind), RENAME), 30)
        assert wait_until(lambda: bool(heard), 30)

        assert heard == [("degraded", "rename_column")]


def app_row(engine: sa.Engine):  # type: ignore[no-untyped-def]
    with engine.connect() as connection:
        [row] = list_apps(connection)
    return row


def wait_until(is_true: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_true():
            return True
        time.sleep(0.01)
    return is_true()


def test_announcement_of_tables_nobody_maps_is_followed(
    kind: str, engine: sa.Engine, app_engine: sa.Engine
) -> None:
    create_tables(engine, kind)
    ensure_ledger(engine)
    change = SchemaChange("add_table", None, "strangers", None, "strangers")
    with SchemaWatcher(app_engine, build_models().base, config=False) as watcher:
        epoch = migrate(engine, "create table strangers(id int)", change)

        assert watcher.wait_for(epoch, 30)
        assert watcher.report is not None
        assert watcher.report.ok
    with engine.connect() as connection:
        assert read_catalog(connection, (None,), []).columns(None, "sessions") is None
