"""kill -9 at every step: the ledger tells the truth, apps resume, the next upgrade finishes."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from alembic_guard.facts import SchemaChange
from alembic_guard.ledger import Entry
from alembic_guard.ledger.apps import list_apps
from tests.upgrade.fake_app import FakeApp
from tests.upgrade.project import SYNC_ENV, Project

DYING_ENV = """
import os, signal
from alembic_guard.upgrade import pausing, run

def die(*arguments, **keywords):
    os.kill(os.getpid(), signal.SIGKILL)

at = os.environ.get("DIE")
if at == "before the pause":
    pausing.Pause.begin = die
if at == "in the pause":
    pausing.Pause._wait = die
if at == "before the row":
    from alembic import context
    context.config.attributes["configure"] = {"on_version_apply": die}
if at == "while waiting":
    run.wait_for_apps = die
"""
RENAME = """
import os, signal
if os.environ.get("DIE") == "before the change": os.kill(os.getpid(), signal.SIGKILL)
op.rename_column("sessions", "metadata", "session_metadata")
if os.environ.get("DIE") == "after the change": os.kill(os.getpid(), signal.SIGKILL)
"""
RENAMED = SchemaChange("rename_column", None, "sessions", "metadata", "session_metadata")

# what is in the ledger after the kill, and what an app has heard after the next upgrade
LASTING = (["pause"], ["pause", "failed", "pause", "applied"])
UNDONE = (["pause"], ["pause", "resumed", "pause", "applied"])
POINTS = {
    "before the pause": ([], ["pause", "applied"]),
    "in the pause": UNDONE,
    "before the change": UNDONE,
    "after the change": LASTING,
    "before the row": LASTING,
    "while waiting": (["pause", "applied"], ["pause", "applied"]),
}


@pytest.fixture(name="project")
def _project(tmp_path: Path, database_url: URL) -> Project:
    project = Project(tmp_path, database_url, env=DYING_ENV + SYNC_ENV)
    project.revision(
        "r1",
        'op.create_table("sessions", sa.Column("id", sa.Integer, primary_key=True),'
        ' sa.Column("metadata", sa.String(50)))',
    )
    project.upgrade()
    return project


def columns(project: Project) -> list[str]:
    with project.connect() as connection:
        return [column["name"] for column in sa.inspect(connection).get_columns("sessions")]


def killed(project: Project, point: str) -> list[Entry]:
    """Upgrade until the kill and return what that run has written."""
    before = len(project.ledger())
    process = project.spawn("upgrade", "head", DIE=point)
    output = process.communicate(timeout=60)
    assert process.returncode == -9, output
    return project.ledger()[before:]


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_upgrade_is_told_truly_and_finished(project: Project, point: str) -> None:
    project.revision("r2", RENAME)
    written, heard = POINTS[point]
    if project.url.get_backend_name() == "postgresql" and (written, heard) == LASTING:
        written, heard = UNDONE
    with FakeApp().running(project) as app:
        entries = killed(project, point)
        project.upgrade()
        with project.connect() as connection:
            (seen,) = list_apps(connection)

    assert [entry.phase for entry in entries] == written
    assert app.heard == heard
    assert columns(project) == ["id", "session_metadata"]
    assert [(one.revision, one.heads) for one in project.applied()] == [
        ("r1", ("r1",)),
        ("r2", ("r2",)),
    ]
    assert project.applied()[-1].changes == (RENAMED,)
    assert (seen.state, seen.epoch) == ("current", project.ledger()[-1].epoch)


@pytest.mark.parametrize("kind", ["mariadb", "sqlite"])
def test_what_a_dead_upgrade_has_changed_is_in_the_failed_row(project: Project) -> None:
    """So the apps know the rename while the next run has not finished."""
    project.revision("r2", RENAME)
    with FakeApp().running(project):
        killed(project, "after the change")
        project.upgrade()
        failed = next(entry for entry in project.ledger() if entry.phase == "failed")

    assert failed.changes == (RENAMED,)
    assert failed.touched == ("sessions",)
    assert (failed.message or "").endswith("died after changing the schema")


@pytest.mark.parametrize("kind", ["mariadb", "sqlite"])
@pytest.mark.parametrize(
    "rename",
    [
        'op.execute("ALTER TABLE sessions RENAME COLUMN metadata TO session_metadata")',
        (
            'with op.batch_alter_table("sessions") as batch:\n'
            '    batch.alter_column("metadata", new_column_name="session_metadata",'
            " existing_type=sa.String(50))"
        ),
    ],
    ids=["raw SQL", "a batch"],
)
def test_every_way_of_renaming_is_finished(project: Project, rename: str) -> None:
    project.revision("r2", f"{rename}\n{RENAME.splitlines()[1]}\n{RENAME.splitlines()[-1]}")
    assert killed(project, "after the change") == []
    project.upgrade()

    assert columns(project) == ["id", "session_metadata"]
    assert project.applied()[-1].changes == (RENAMED,)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_copy_of_a_killed_batch_is_removed(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    with project.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE _alembic_tmp_sessions (id INTEGER)")
        connection.exec_driver_sql("CREATE TABLE _alembic_tmp_mine (id INTEGER)")
    project.revision(
        "r2",
        'with op.batch_alter_table("sessions", recreate="always") as batch:\n'
        '    batch.add_column(sa.Column("notes", sa.String(9)))',
    )
    project.upgrade()
    with project.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names())

    assert "Dropping _alembic_tmp_sessions, which a killed upgrade has left" in caplog.text
    assert "_alembic_tmp_sessions" not in tables
    assert "_alembic_tmp_mine" in tables


@pytest.mark.parametrize("kind", ["mariadb", "sqlite"])
def test_a_failed_revision_can_be_repaired_and_run_again(project: Project) -> None:
    """Nobody was killed: the revision broke after its rename, where nothing is taken back."""
    rename = RENAME.splitlines()[3]
    project.revision("r2", f'{rename}\nop.execute("oops")')
    with pytest.raises(sa.exc.DBAPIError, match="oops"):
        project.upgrade()
    path = project.folder / "migrations" / "versions" / "r2.py"
    path.write_text(path.read_text().replace('op.execute("oops")', "pass"))
    project.upgrade()

    assert [entry.phase for entry in project.ledger()] == [
        "created",
        "applied",
        "failed",
        "applied",
    ]
    assert columns(project) == ["id", "session_metadata"]
