"""Both names at once on MariaDB, by a twin column, and one again when every app has loaded it."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from alembic_guard.ledger import App
from alembic_guard.ledger.apps import acknowledge, register
from alembic_guard.live import SchemaWatcher
from alembic_guard.settings import Settings
from alembic_guard.upgrade.contracting import contract_all, find_both
from alembic_guard.upgrade.twins import find_twins
from tests.upgrade.fake_app import FakeApp
from tests.upgrade.project import SYNC_ENV, Project

TABLE = """
op.execute(\"\"\"CREATE TABLE sessions (id INT AUTO_INCREMENT PRIMARY KEY,
    metadata VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'as JSON',
    touched TIMESTAMP NULL ON UPDATE CURRENT_TIMESTAMP, size INT DEFAULT 7,
    KEY by_metadata (metadata), CHECK (metadata <> 'never'))\"\"\")
"""
RENAME = 'op.rename_column("sessions", "metadata", "session_metadata")'
DYING_ENV = """
import os, signal
from alembic_guard.upgrade.twins import Twinning

at = os.environ.get("DIE")
if at:
    original = getattr(Twinning, at)
    def die(self, *arguments):
        original(self, *arguments)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(Twinning, at, die)
"""


@pytest.fixture(name="kind")
def _kind() -> str:
    return "mariadb"


@pytest.fixture(name="project")
def _project(tmp_path: Path, database_url: URL) -> Project:
    settings = "mode = expand\nwait_timeout = 0.2"
    project = Project(tmp_path, database_url, env=DYING_ENV + SYNC_ENV, settings=settings)
    project.revision("r1", TABLE)
    project.upgrade()
    project.revision("r2", RENAME)
    return project


@pytest.fixture(name="late_app")
def _late_app(project: Project) -> Iterator[sa.Connection]:
    """An app that lives and has not answered yet."""
    with project.connect() as connection:
        register(connection, App("late", "shop", "web-1", 1, state="current", epoch=2, ttl=600))
        yield connection


def definition(connection: sa.Connection) -> str:
    (_, text) = connection.exec_driver_sql("SHOW CREATE TABLE sessions").one()
    return str(text).partition(" AUTO_INCREMENT=")[0].partition("\n) ENGINE")[0]


def triggers(connection: sa.Connection) -> list[str]:
    query = "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
    return [str(name) for (name,) in connection.exec_driver_sql(query)]


def test_both_names_work_until_the_last_app_has_answered(
    project: Project, late_app: sa.Connection
) -> None:
    run = late_app.exec_driver_sql
    run("INSERT INTO sessions (metadata, touched) VALUES ('before', '2020-02-02 02:02:02')")
    project.upgrade()
    run("INSERT INTO sessions (metadata) VALUES ('old code')")
    run("INSERT INTO sessions (session_metadata) VALUES ('new code')")
    run("UPDATE sessions SET metadata = 'changed' WHERE session_metadata = 'new code'")
    run("UPDATE sessions SET session_metadata = 'again' WHERE metadata = 'old code'")
    rows = run("SELECT metadata, session_metadata FROM sessions ORDER BY id").fetchall()
    touched = run("SELECT touched FROM sessions ORDER BY id").scalar()

    assert rows == [(value, value) for value in ("before", "again", "changed")]
    assert str(touched) == "2020-02-02 02:02:02"
    assert project.applied()[-1].mode == "expand"
    assert [change.kind for change in project.applied()[-1].changes] == ["rename_column"]


def test_it_is_contracted_to_what_a_plain_rename_gives(project: Project) -> None:
    with project.connect() as connection:
        before = definition(connection)
    with FakeApp().running(project) as app:
        project.upgrade("head", "wait-timeout=20")
    with project.connect() as connection:
        after, left = definition(connection), triggers(connection)

    assert after == before.replace("`metadata`", "`session_metadata`")
    assert left == []
    assert app.heard[0] == "applied"
    assert [entry.mode for entry in project.applied()][-2:] == ["expand", "contract"]


def test_the_next_upgrade_contracts_what_was_left(
    project: Project, late_app: sa.Connection
) -> None:
    project.upgrade("head", "no-wait")
    acknowledge(late_app, "late", project.applied()[-1].epoch, "current")
    project.revision("r3", 'op.add_column("sessions", sa.Column("notes", sa.String(9)))')
    project.upgrade("head", "no-wait")

    assert find_both(late_app) == []
    assert project.applied()[-1].changes[0].new == "notes"


def test_the_operator_can_contract_by_hand(project: Project, late_app: sa.Connection) -> None:
    project.upgrade("head", "no-wait")

    assert contract_all(late_app, Settings()) == ["sessions"]
    assert (find_both(late_app), triggers(late_app)) == ([], [])


def test_nobody_fails_and_nothing_is_lost_under_load(
    project: Project, late_app: sa.Connection
) -> None:
    """Old code writes all the time; new code from the moment its name is there."""
    late_app.exec_driver_sql("INSERT INTO sessions (metadata) VALUES ('0'), ('0'), ('0'), ('0')")
    stop, failures = threading.Event(), []
    written: dict[int, str] = {}

    def work(key: int) -> None:
        name = "metadata"
        with project.connect() as connection:
            while not stop.is_set():
                value = f"{key}:{random.random()}"
                try:
                    done = connection.exec_driver_sql(
                        f"UPDATE sessions SET {name} = %s WHERE id = %s", (value, key)
                    )
                    assert done.rowcount == 1
                    written[key] = value
                    row = connection.exec_driver_sql(
                        "SELECT * FROM sessions WHERE id = %s", (key,)
                    ).mappings()
                    if key % 2 and "session_metadata" in row.one():
                        name = "session_metadata"
                except Exception as error:
                    failures.append(f"{name}: {error}")

    threads = [threading.Thread(target=work, args=(key,)) for key in (1, 2, 3, 4)]
    for thread in threads:
        thread.start()
    project.upgrade("head", "no-wait")
    stop.wait(0.3)
    stop.set()
    for thread in threads:
        thread.join()
    query = "SELECT id, metadata, session_metadata FROM sessions ORDER BY id"
    rows = late_app.exec_driver_sql(query).fetchall()

    assert failures == []
    assert rows == [(key, value, value) for key, value in sorted(written.items())]


def test_a_table_that_is_never_free_is_paused_for(
    project: Project, late_app: sa.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    """The app that uses it all the time lets go of it when it is asked to pause."""
    late_app.exec_driver_sql("DELETE FROM alembic_guard_app")
    with project.connect() as busy, FakeApp().running(project) as app:
        busy.exec_driver_sql("BEGIN")
        busy.exec_driver_sql("SELECT * FROM sessions").all()

        def let_go() -> None:
            while "pause" not in app.heard:
                time.sleep(0.01)
            busy.exec_driver_sql("ROLLBACK")

        thread = threading.Thread(target=let_go)
        thread.start()
        project.upgrade("head", "lock-retry=0.5", "wait-timeout=20")
        thread.join()

    assert "No expand mode, pausing instead: " in caplog.text
    assert app.heard == ["pause", "applied"]
    assert (find_twins(late_app), triggers(late_app)) == ([], [])
    assert "`session_metadata`" in definition(late_app)


def test_a_killed_expansion_may_be_finished_by_a_pause(
    project: Project, late_app: sa.Connection
) -> None:
    before = definition(late_app)
    project.spawn("upgrade", "head", DIE="_fill").communicate(timeout=60)
    late_app.exec_driver_sql("DELETE FROM alembic_guard_app")
    project.upgrade("head", "mode=pause")
    late_app.exec_driver_sql("INSERT INTO sessions (session_metadata) VALUES ('new')")

    assert definition(late_app) == before.replace("`metadata`", "`session_metadata`")
    assert (find_twins(late_app), triggers(late_app)) == ([], [])


@pytest.mark.parametrize("point", ["_fill", "_show", "_swap"])
def test_a_killed_expansion_is_finished(
    project: Project, late_app: sa.Connection, point: str
) -> None:
    before = definition(late_app)
    process = project.spawn("upgrade", "head", DIE=point)
    output = process.communicate(timeout=60)
    late_app.exec_driver_sql("INSERT INTO sessions (metadata) VALUES ('between')")
    project.upgrade()
    rows = late_app.exec_driver_sql("SELECT metadata, session_metadata FROM sessions").fetchall()
    contract_all(late_app, Settings())

    assert process.returncode == -9, output
    assert rows == [("between", "between")]
    assert [entry.revision for entry in project.applied() if entry.revision] == ["r1", "r2"]
    assert definition(late_app) == before.replace("`metadata`", "`session_metadata`")
    assert (find_twins(late_app), triggers(late_app)) == ([], [])


def test_a_running_app_does_not_get_used_to_the_twin(
    project: Project, late_app: sa.Connection
) -> None:
    """It would go on asking for the column after it has gone."""
    project.upgrade("head", "no-wait")
    late_app.exec_driver_sql("ALTER TABLE sessions ADD COLUMN notes VARCHAR(9)")

    class Base(DeclarativeBase):
        pass

    class Record(Base):
        __tablename__ = "sessions"
        id: Mapped[int] = mapped_column(primary_key=True)
        session_metadata: Mapped[str]

    engine = sa.create_engine(project.url)
    with SchemaWatcher(engine, Base, config=False):
        names = set(Record.__table__.c.keys())
    engine.dispose()

    assert "notes" in names
    assert "metadata" not in names


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("ALTER TABLE sessions ALTER metadata SET DEFAULT 'x'", "has a default"),
        ("ALTER TABLE sessions DROP PRIMARY KEY, MODIFY id INT, ADD PRIMARY KEY (metadata)", "key"),
        (
            "CREATE TRIGGER mine BEFORE UPDATE ON sessions FOR EACH ROW SET NEW.size = 1",
            "has triggers",
        ),
        (
            "ALTER TABLE sessions ADD FOREIGN KEY (metadata) REFERENCES parents (name)",
            "is in a foreign key",
        ),
    ],
    ids=["default", "primary key", "triggers", "foreign key"],
)
def test_a_column_that_cannot_have_a_twin_is_paused_for(
    project: Project, caplog: pytest.LogCaptureFixture, change: str, reason: str
) -> None:
    with project.connect() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE parents (name VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
            " PRIMARY KEY)"
        )
        connection.exec_driver_sql(change)
    with FakeApp().running(project) as app:
        project.upgrade("head", "pause-timeout=20")

    assert "No expand mode, pausing instead: " in caplog.text
    assert reason in caplog.text
    assert app.heard == ["pause", "applied"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_other_databases_do_what_they_can(
    tmp_path: Path, database_url: URL, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    project = Project(tmp_path, database_url, settings="mode = expand")
    project.revision(
        "r1",
        'op.create_table("sessions", sa.Column("id", sa.Integer, primary_key=True),'
        ' sa.Column("metadata", sa.String(50)))',
    )
    project.upgrade()
    project.revision("r2", RENAME)
    with FakeApp().running(project) as app:
        project.upgrade()

    if kind == "postgresql":
        assert [entry.mode for entry in project.applied()][-2:] == ["compat", "contract"]
    else:
        assert "No compat mode, pausing instead: only PostgreSQL" in caplog.text
        assert app.heard == ["pause", "applied"]
