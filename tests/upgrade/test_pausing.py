"""Apps hold their work while a change that would break them is made, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from alembic_guard.errors import AppsNotPaused
from alembic_guard.ledger import App
from alembic_guard.ledger.apps import list_apps, register
from tests.upgrade.fake_app import FakeApp
from tests.upgrade.project import Project

RENAME = 'op.rename_column("sessions", "metadata", "session_metadata")'


@pytest.fixture(name="project")
def _project(tmp_path: Path, database_url: URL) -> Project:
    project = Project(tmp_path, database_url)
    project.revision(
        "r1",
        'op.create_table("sessions", sa.Column("id", sa.Integer, primary_key=True),'
        ' sa.Column("metadata", sa.String(50)))',
    )
    project.upgrade()
    return project


def columns(project: Project) -> set[str]:
    import sqlalchemy as sa

    with project.connect() as connection:
        return {column["name"] for column in sa.inspect(connection).get_columns("sessions")}


def test_a_rename_pauses_the_apps_and_waits_for_them(project: Project) -> None:
    project.revision("r2", RENAME)
    with FakeApp().running(project) as app:
        project.upgrade()
        with project.connect() as connection:
            (seen,) = list_apps(connection)

    assert app.heard == ["pause", "applied"]
    assert seen.has_acknowledged(project.applied()[-1].epoch)
    assert project.applied()[-1].mode == "pause"


def test_an_added_column_pauses_nobody(project: Project) -> None:
    project.revision("r2", 'op.add_column("sessions", sa.Column("notes", sa.String(9)))')
    with FakeApp().running(project) as app:
        project.upgrade()

    assert app.heard == ["applied"]
    assert project.applied()[-1].mode == "announce"


def test_without_live_apps_nobody_is_paused(project: Project) -> None:
    project.revision("r2", RENAME)
    with project.connect() as connection:
        register(connection, App("gone", "shop", "web-1", 1, state="current", ttl=-1))
        register(connection, App("off", "shop", "web-1", 2, state="stopped"))
    project.upgrade()

    assert [entry.phase for entry in project.ledger()] == ["created", "applied", "applied"]


@pytest.mark.parametrize(
    ("on_pause", "reason"),
    [("refused", "a request has run for an hour"), ("silent", "still current")],
)
def test_an_app_that_cannot_pause_stops_the_upgrade(
    project: Project, on_pause: str, reason: str
) -> None:
    project.revision("r2", RENAME)
    with FakeApp(on_pause=on_pause).running(project) as app:
        with pytest.raises(AppsNotPaused, match=reason) as caught:
            project.upgrade("head", "pause-timeout=0.2")
        phases = [entry.phase for entry in project.ledger()]

    assert caught.value.apps == ("shop@web-1:4711",)
    assert columns(project) == {"id", "metadata"}
    assert phases == ["created", "applied", "pause", "resumed"]
    assert app.heard[0] == "pause"


def test_a_pause_can_be_declined(project: Project) -> None:
    project.revision("r2", RENAME)
    with FakeApp(on_pause="silent").running(project) as app:
        project.upgrade("head", "mode=announce")

    assert app.heard == ["applied"]


def test_a_revision_that_breaks_in_a_pause_resumes_the_apps(project: Project) -> None:
    project.revision("r2", 'op.rename_column("sessions", "nothing", "something")')
    with FakeApp().running(project):
        with pytest.raises(Exception, match="nothing"):
            project.upgrade()

    assert [entry.phase for entry in project.ledger()][-2:] == ["pause", "resumed"]
    assert columns(project) == {"id", "metadata"}


def test_an_upgrade_that_dies_in_its_pause_is_cleaned_up_after(project: Project) -> None:
    project.revision("r2", f"import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n{RENAME}")
    with FakeApp().running(project) as app:
        dead = project.spawn("upgrade", "head")
        dead.communicate(timeout=60)
        (project.folder / "migrations" / "versions" / "r2.py").unlink()
        pause = project.ledger()[-1]
        project.revision("r3", RENAME)
        path = project.folder / "migrations" / "versions" / "r3.py"
        path.write_text(path.read_text().replace("'r2'", "'r1'"))
        project.upgrade()

    assert dead.returncode == -9
    assert (pause.phase, pause.lease) == ("pause", 30.0)
    assert app.heard == ["pause", "resumed", "pause", "applied"]


def test_a_silent_app_is_not_waited_for_for_ever(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    project.revision("r2", 'op.add_column("sessions", sa.Column("notes", sa.String(9)))')
    with project.connect() as connection:
        register(connection, App("shop-1", "shop", "web-1", 4711, state="current", ttl=60))
    project.upgrade("head", "wait-timeout=0.2")

    assert "have not loaded epoch 3 after" in caplog.text
    assert "shop@web-1:4711" in caplog.text


def test_nobody_is_waited_for_with_no_wait(project: Project) -> None:
    project.revision("r2", 'op.add_column("sessions", sa.Column("notes", sa.String(9)))')
    with project.connect() as connection:
        register(connection, App("shop-1", "shop", "web-1", 4711, state="current", ttl=60))
    project.upgrade("head", "no-wait")

    assert len(project.applied()) == 2
