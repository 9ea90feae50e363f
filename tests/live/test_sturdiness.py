"""What programs do to a watcher that nobody planned."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import Session

from alembic_guard.errors import MaskedColumn
from alembic_guard.facts import SchemaChange
from alembic_guard.ledger import Entry, Ledger
from alembic_guard.live import AsyncSchemaWatcher, SchemaEvent, SchemaWatcher
from alembic_guard.live.compiling import installed_hooks
from tests.live.battery import build_models, create_tables, execute, failures, play, prebuilt
from tests.live.stories import BACK, RENAME, ensure_ledger, migrate, publish

TO_NEW = "alter table sessions rename column metadata to session_metadata"
TO_OLD = "alter table sessions rename column session_metadata to metadata"


@pytest.fixture(name="sqlite")
def _sqlite(tmp_path: Path) -> sa.Engine:
    return sa.create_engine(f"sqlite:///{tmp_path}/app.db")


def test_two_watchers_on_one_base_do_not_undo_each_other(sqlite: sa.Engine) -> None:
    create_tables(sqlite, "sqlite")
    ensure_ledger(sqlite)
    models = build_models()
    statements = prebuilt(models)
    first = SchemaWatcher(sqlite, models.base, config=False).start()
    second = SchemaWatcher(sqlite, models.base, config=False).start()
    epoch = migrate(sqlite, TO_NEW, RENAME)
    assert first.wait_for(epoch, 30)
    assert second.wait_for(epoch, 30)
    first.stop()
    assert failures(play(sqlite, models, statements)) == {}

    assert second.wait_for(migrate(sqlite, TO_OLD, BACK), 30)
    assert failures(play(sqlite, models, statements)) == {}
    second.stop()
    sqlite.dispose()

    assert installed_hooks() == frozenset()


def test_defaults_come_back_after_two_watchers_have_masked_a_column(sqlite: sa.Engine) -> None:
    create_tables(sqlite, "sqlite")
    models = build_models(missing=True)
    column = models.session.__table__.c["chat_session_id"]
    default = sa.ColumnDefault("given")
    column.default = default
    with SchemaWatcher(sqlite, models.base, config=False):
        with SchemaWatcher(sqlite, models.base, config=False):
            assert column.default is None
        assert column.default is None
    sqlite.dispose()

    assert column.default is default
    assert column.server_default is None


def test_a_watcher_started_before_the_tables_exist_becomes_ready(
    kind: str, engine: sa.Engine, database_url: URL
) -> None:
    app = sa.create_engine(database_url)
    with SchemaWatcher(app, build_models().base, config=False) as watcher:
        assert not watcher.is_ready
        create_tables(engine, kind)

        assert watcher.settle(20)
    app.dispose()


def test_a_listener_of_on_change_may_fail_and_may_stop_the_watcher(
    sqlite: sa.Engine, caplog: pytest.LogCaptureFixture
) -> None:
    create_tables(sqlite, "sqlite")
    ensure_ledger(sqlite)
    models = build_models()
    stopped = threading.Event()
    watcher = SchemaWatcher(sqlite, models.base, config=False).start()

    def fail(event: SchemaEvent) -> None:
        raise RuntimeError("the listener's own fault")

    def stop(event: SchemaEvent) -> None:
        watcher.stop()
        stopped.set()

    watcher.on_change(fail)
    watcher.on_change(stop)
    migrate(sqlite, TO_NEW, RENAME)

    assert stopped.wait(30)
    assert "the listener's own fault" in caplog.text
    deadline = time.monotonic() + 30
    while any(thread.name == "alembic-guard-watcher" for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert installed_hooks() == frozenset()
    assert len(watcher.core.gate._busy) == 0
    sqlite.dispose()


def test_a_stopped_watcher_can_be_started_again(sqlite: sa.Engine) -> None:
    create_tables(sqlite, "sqlite")
    ensure_ledger(sqlite)
    watcher = SchemaWatcher(sqlite, build_models().base, config=False)
    for _ in range(2):
        with watcher:
            assert watcher.wait_for(publish(sqlite, Entry("applied", touched=("x",))), 30)
    sqlite.dispose()


def test_a_user_who_may_only_read_is_followed_without_acknowledging(
    new_database: Callable[..., URL], caplog: pytest.LogCaptureFixture
) -> None:
    url = new_database("postgresql")
    admin = sa.create_engine(url, poolclass=sa.pool.NullPool)
    create_tables(admin, "postgresql")
    ensure_ledger(admin)
    read_only = {"options": "-c default_transaction_read_only=on"}
    app = sa.create_engine(url, connect_args=read_only)
    models = build_models()
    with SchemaWatcher(app, models.base, config=False) as watcher:
        epoch = migrate(admin, TO_NEW, RENAME)
        assert watcher.wait_for(epoch, 30)
        with Session(app) as session:
            assert session.scalars(sa.select(models.session)).all()
    app.dispose()
    admin.dispose()

    assert caplog.text.count("cannot acknowledge") == 1
    assert "lost its database" not in caplog.text


def test_a_user_who_may_not_read_the_ledger_is_served_and_told_which_right_is_missing(
    new_database: Callable[..., URL], caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """The tables belong to the user who migrates, and nobody has granted anything on them."""
    url = new_database("postgresql")
    admin = sa.create_engine(url)
    create_tables(admin, "postgresql")
    ensure_ledger(admin)
    role = f"app_{url.database}"
    execute(
        admin,
        "create table alembic_version(version_num varchar(32))",
        f"create role {role} login",
        f"grant select on sessions, kids to {role}",
    )
    app = sa.create_engine(url.set(username=role))
    (tmp_path / "migrations" / "versions").mkdir(parents=True)
    config = tmp_path / "alembic.ini"
    config.write_text("[alembic]\nscript_location = migrations\n")
    models = build_models()
    try:
        assert SchemaWatcher(app, models.base, config=config).check().state == "current"
        with SchemaWatcher(app, models.base, config=config) as watcher:
            assert watcher.is_ready
            assert watcher.catch_up(30)
            assert watcher.report is not None
            assert watcher.report.state == "current"
    finally:
        app.dispose()
        execute(admin, f"drop owned by {role}", f"drop role {role}")
        admin.dispose()

    assert caplog.text.count("may not read alembic_guard_app and") == 2  # one for each watcher
    assert "lost its database" not in caplog.text


def test_a_column_the_program_does_not_declare_may_come_and_go_again(
    kind: str, engine: sa.Engine
) -> None:
    """By plain SQL: nothing says that it was dropped, and the program never knew of it."""
    create_tables(engine, kind)
    models = build_models()
    with SchemaWatcher(engine, models.base, config=False) as watcher:
        for _ in range(2):
            execute(engine, "alter table sessions add column extra varchar(20)")
            assert watcher.catch_up(30)
            assert failures(play(engine, models, prebuilt(models))) == {}
            execute(engine, "alter table sessions drop column extra")
            assert watcher.catch_up(30)
            assert watcher.report is not None
            assert watcher.report.state == "current"
            assert failures(play(engine, models, prebuilt(models))) == {}
        assert hasattr(models.session, "extra")
        with Session(engine) as session, pytest.raises(MaskedColumn, match="extra"):
            session.scalars(sa.select(models.session).filter_by(extra="x")).all()


def test_a_ledger_that_was_dropped_is_done_without_and_found_again(sqlite: sa.Engine) -> None:
    create_tables(sqlite, "sqlite")
    ensure_ledger(sqlite)
    migrate(sqlite, "create table other(id int)", SchemaChange("add_table", None, "other"))
    with SchemaWatcher(sqlite, build_models().base, config=False) as watcher:
        execute(sqlite, "drop table alembic_guard_change", "drop table alembic_guard_app")
        assert watcher.catch_up(10)
        assert watcher.is_ready

        ensure_ledger(sqlite)
        sql = "alter table sessions rename column metadata to session_metadata"
        assert migrate(sqlite, sql, RENAME) == 2  # an epoch the watcher has seen before
        assert watcher.catch_up(10)
        assert watcher.report is not None
        assert [d.kind for d in watcher.report.differences] == ["renamed_column"]
    sqlite.dispose()


def test_the_application_s_clock_does_not_matter(
    sqlite: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leases are compared by the database's clock alone."""
    create_tables(sqlite, "sqlite")
    ensure_ledger(sqlite)
    migrator = sa.create_engine(sqlite.url)  # the application's own would wait at the gate
    monkeypatch.setattr("time.time", lambda: 0.0)
    with SchemaWatcher(sqlite, build_models().base, config=False) as watcher:
        publish(migrator, Entry("pause", lease=30.0, mode="pause"))
        assert watcher.catch_up(1) is False
        assert watcher.core.gate.is_closed
        publish(migrator, Entry("resumed", mode="pause"))
        assert watcher.catch_up(10)
    migrator.dispose()
    sqlite.dispose()


def test_an_event_loop_that_ended_without_stop_does_no_harm(tmp_path: Path) -> None:
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/app.db")
    plain = sa.create_engine(f"sqlite:///{tmp_path}/app.db")
    create_tables(plain, "sqlite")
    ensure_ledger(plain)
    models = build_models()
    watcher = AsyncSchemaWatcher(engine, models.base, config=False)

    async def forgetful() -> None:
        await watcher.start()

    async def another() -> int:
        await watcher.start()
        epoch = await asyncio.to_thread(migrate, plain, TO_NEW, RENAME)
        assert await watcher.wait_for(epoch, 30)
        await watcher.stop()
        await engine.dispose()
        return epoch

    asyncio.run(forgetful())
    watcher._request()  # as an error in another thread would
    assert asyncio.run(another()) == 2
    assert installed_hooks() == frozenset()
    with plain.connect() as connection:
        apps = connection.execute(sa.select(Ledger().tables.app.c.state)).all()
    plain.dispose()

    assert apps == []


def test_an_engine_with_a_full_pool_is_watched_all_the_same(sqlite: sa.Engine) -> None:
    engine = sa.create_engine(sqlite.url, pool_size=1, max_overflow=0, pool_timeout=0.1)
    create_tables(sqlite, "sqlite")
    ensure_ledger(sqlite)
    with SchemaWatcher(engine, build_models().base, config=False, drain=0.1) as watcher:
        with engine.connect():
            assert watcher.catch_up(10)
    engine.dispose()
    execute(sqlite, "select 1")
    sqlite.dispose()
