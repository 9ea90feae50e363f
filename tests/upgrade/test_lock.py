"""However many start `alembic upgrade head` at once, one migrates and the rest succeed."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from alembic_guard.errors import MigrationLocked
from alembic_guard.upgrade.lock import FileLock, held, lock_for
from alembic_guard.upgrade.side import side_connection
from tests.upgrade.project import Project


@pytest.fixture(name="project")
def _project(tmp_path: Path, database_url: URL) -> Project:
    project = Project(tmp_path, database_url)
    for number in range(3):
        project.revision(
            f"r{number}",
            f'op.create_table("t{number}", sa.Column("id", sa.Integer, primary_key=True))',
        )
    return project


@contextlib.contextmanager
def locked_elsewhere(project: Project, engine: sa.Engine):  # type: ignore[no-untyped-def]
    """Hold the migration's lock as another process would."""
    with engine.connect() as connection, side_connection(connection, "the other") as side:
        with held(lock_for(side, ".alembic_version", "the other"), 5):
            yield


def test_four_processes_at_once_all_succeed(project: Project) -> None:
    processes = [project.spawn("upgrade", "head") for _ in range(4)]
    results = [process.communicate(timeout=60) for process in processes]

    assert [process.returncode for process in processes] == [0] * 4, results
    assert [entry.revision for entry in project.applied()] == ["r0", "r1", "r2"]


def test_a_waiting_upgrade_gives_up_and_names_the_holder(
    project: Project, engine: sa.Engine
) -> None:
    with locked_elsewhere(project, engine), pytest.raises(MigrationLocked) as caught:
        project.upgrade("head", "lock-wait=0.3")

    assert caught.value.waited >= 0.3
    if engine.dialect.name != "mysql":
        assert "the other" in caught.value.holder
    else:
        assert "connection" in caught.value.holder


def test_the_lock_is_free_once_its_holder_is_done(project: Project, engine: sa.Engine) -> None:
    with locked_elsewhere(project, engine):
        pass
    project.upgrade("head", "lock-wait=1")

    assert len(project.applied()) == 3


def test_killing_the_holder_frees_the_lock(project: Project) -> None:
    project.revision("slow", "import time\ntime.sleep(600)")
    holder = project.spawn("upgrade", "head")
    wait_until_started(project)
    waiter = project.spawn("-x", "lock-wait=60", "upgrade", "r2")
    time.sleep(0.3)
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    output = waiter.communicate(timeout=60)

    assert waiter.returncode == 0, output


def wait_until_started(project: Project) -> None:
    """Until the holder sleeps; where DDL cannot be rolled back, not in the middle of a step."""
    phases = 1 if project.url.get_backend_name() == "postgresql" else 4
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(sa.exc.DBAPIError):
            if len(project.ledger()) >= phases:
                return
        time.sleep(0.05)
    raise AssertionError("the holder never started")


def test_a_lock_file_is_removed_and_never_held_twice(tmp_path: Path) -> None:
    """Removing the file races with opening it; the lock of a removed file does not count."""
    database = tmp_path / "app.db"
    inside, clashes, rounds = [0], [0], 40

    def work(number: int) -> None:
        for _ in range(rounds):
            with held(FileLock(database, f"thread {number}"), 30):
                inside[0] += 1
                clashes[0] += inside[0] != 1
                inside[0] -= 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert clashes == [0]
    assert list(tmp_path.iterdir()) == []
