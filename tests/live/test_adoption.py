from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.orm import Session

from alembic_guard.facts import SchemaChange
from alembic_guard.live import SchemaReport, SchemaWatcher, restart
from alembic_guard.live.compiling import installed_hooks
from tests.live.battery import build_models, create_tables
from tests.live.stories import RENAME, ensure_ledger, migrate

KEY = "id integer primary key"
NEW = SchemaChange("add_table", None, "tags", None, "tags")
TO_NEW = "alter table sessions rename column metadata to session_metadata"


@pytest.fixture(name="app")
def _app(kind: str, engine: sa.Engine, database_url: sa.URL) -> Iterator[sa.Engine]:
    create_tables(engine, kind)
    ensure_ledger(engine)
    app = sa.create_engine(database_url)
    yield app
    app.dispose()


def test_an_automap_base_gets_the_table_a_migration_creates(
    engine: sa.Engine, app: sa.Engine
) -> None:
    base = automap_base()
    base.prepare(autoload_with=engine)
    session_class = base.classes.sessions
    with SchemaWatcher(app, base, config=False) as watcher:
        sql = f"create table tags({KEY}, session_id integer, foreign key (session_id) references sessions(id))"
        assert watcher.wait_for(migrate(engine, sql, NEW), 30)

        with Session(app) as session:
            session.add(base.classes.tags(id=1, session_id=1))
            session.commit()
            assert session.scalars(sa.select(base.classes.tags.session_id)).all() == [1]
        assert base.classes.sessions is session_class


def test_automap_and_reflected_tables_follow_a_rename_and_get_new_columns(
    engine: sa.Engine, app: sa.Engine
) -> None:
    base = automap_base()
    base.prepare(autoload_with=engine)
    metadata = sa.MetaData()
    metadata.reflect(engine, only=["sessions"])
    reflected = metadata.tables["sessions"]
    mapped = base.classes.sessions
    with SchemaWatcher(app, base, metadata, config=False) as watcher:
        migrate(engine, TO_NEW, RENAME)
        change = SchemaChange("add_column", None, "sessions", None, "rank")
        add = "alter table sessions add column rank_ varchar(9) default 'first'"
        assert watcher.wait_for(migrate(engine, add, change), 30)

        with Session(app) as session:
            row = session.get_one(mapped, 1)
            assert row.rank_ == "first"
            assert session.execute(sa.select(reflected.c.metadata, reflected.c.rank_)).all()

    assert installed_hooks() == frozenset()


@pytest.mark.parametrize(("policy", "expected"), [("auto", False), ("all", True)])
def test_a_plain_metadata_mirrors_its_schema_only_where_asked(
    policy: str, expected: bool, engine: sa.Engine, app: sa.Engine
) -> None:
    metadata = sa.MetaData()
    metadata.reflect(engine)
    with SchemaWatcher(app, metadata, config=False, tables=policy) as watcher:
        assert watcher.wait_for(migrate(engine, f"create table tags({KEY})", NEW), 30)

        assert ("tags" in metadata.tables) is expected


def test_a_restart_is_asked_for_once_when_a_change_takes_what_is_needed(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/app.db")
    create_tables(engine, "sqlite")
    ensure_ledger(engine)
    asked: list[SchemaReport] = []
    called = threading.Event()
    with SchemaWatcher(engine, build_models().base, config=False, restart_after=0.6) as watcher:
        watcher.on_restart_needed(asked.append)
        watcher.on_restart_needed(lambda report: called.set())
        drop = SchemaChange("drop_table", None, "sessions", "sessions")
        migrate(engine, "drop table sessions", drop)
        assert called.wait(20)
        assert not called.clear()
        assert not called.wait(2)
    engine.dispose()

    assert [report.state for report in asked] == ["drifted"]


def test_a_process_that_never_fitted_does_not_ask_for_a_restart(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/app.db")
    called = threading.Event()
    with SchemaWatcher(engine, build_models().base, config=False, restart_after=0.1) as watcher:
        watcher.on_restart_needed(lambda report: called.set())

        assert not called.wait(2)
    engine.dispose()


def test_terminating_oneself_is_a_sigterm(monkeypatch: pytest.MonkeyPatch) -> None:
    import os
    import signal

    monkeypatch.setattr(restart, "SPREAD_SECONDS", 0.0)
    received = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: received.set())
    try:
        restart.terminate_self(SchemaReport("drifted", f"process {os.getpid()}"))
        assert received.wait(30)
    finally:
        signal.signal(signal.SIGTERM, before)
