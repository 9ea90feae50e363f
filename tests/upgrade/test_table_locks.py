"""DDL that meets a long transaction waits shortly, names it, and tries again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from alembic_guard.errors import TableLocked
from tests.upgrade.project import Project

SERVERS = ["postgresql", "mariadb"]
ADD = 'op.add_column("sessions", sa.Column("notes", sa.String(9)))'


@pytest.fixture(params=SERVERS, name="project")
def _project(
    request: pytest.FixtureRequest, tmp_path: Path, new_database: Callable[..., URL]
) -> Project:
    project = Project(tmp_path, new_database(request.param))
    project.revision(
        "r1", 'op.create_table("sessions", sa.Column("id", sa.Integer, primary_key=True))'
    )
    project.upgrade()
    project.revision("r2", ADD)
    return project


def open_transaction(project: Project) -> tuple[sa.Engine, sa.Connection]:
    """A transaction that has read the table and does nothing more."""
    engine = sa.create_engine(project.url, poolclass=sa.pool.NullPool)
    connection = engine.connect()
    connection.exec_driver_sql("SELECT * FROM sessions WHERE id = 42 AND 'secret' = 'secret'")
    return engine, connection


def test_the_blocker_is_named_and_its_values_are_not(project: Project) -> None:
    engine, connection = open_transaction(project)
    with pytest.raises(TableLocked, match="ALTER TABLE sessions ADD") as caught:
        project.upgrade("head", "lock-timeout=1", "lock-retry=0.1")
    connection.close()
    engine.dispose()

    (blocker,) = caught.value.blockers
    assert "transaction" in blocker
    assert "secret" not in blocker
    assert len(project.applied()) == 1


def test_it_is_tried_again_until_the_blocker_is_gone(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    engine, connection = open_transaction(project)
    timer = threading.Timer(3.5, connection.close)
    timer.start()
    project.upgrade("head", "lock-timeout=1", "lock-retry=60")
    timer.join()
    engine.dispose()

    assert "did not get its lock behind" in caplog.text
    assert [entry.revision for entry in project.applied()] == ["r1", "r2"]
    assert project.applied()[-1].changes[0].new == "notes"


def test_queries_behind_a_waiting_statement_wait_no_longer_than_the_limit(
    project: Project,
) -> None:
    """Without a limit a reader would wait as long as the blocker lives."""
    engine, connection = open_transaction(project)
    thread = threading.Thread(
        target=lambda: project.upgrade("head", "lock-timeout=1", "lock-retry=30")
    )
    thread.start()
    time.sleep(0.6)
    with project.connect() as reader:
        reader.exec_driver_sql("SELECT * FROM sessions").fetchall()
    connection.close()
    thread.join()
    engine.dispose()

    assert len(project.applied()) == 2
