"""What is about to be applied is reviewed, said, and refused where the project wants that."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from alembic_guard.errors import PreflightRefused
from tests.upgrade.project import Project

DROPPED = 'op.drop_column("sessions", "title")'
REPLACED = (
    'op.drop_column("sessions", "title")\n'
    'op.add_column("sessions", sa.Column("headline", sa.String(50)))'
)


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Project:
    project = Project(tmp_path, sa.make_url(f"sqlite:///{tmp_path}/app.db"))
    project.revision(
        "r1",
        'op.create_table("sessions", sa.Column("id", sa.Integer, primary_key=True),'
        ' sa.Column("metadata", sa.String(50)), sa.Column("title", sa.String(50)))',
    )
    project.upgrade()
    return project


def columns(project: Project) -> set[str]:
    with project.connect() as connection:
        return {column["name"] for column in sa.inspect(connection).get_columns("sessions")}


def test_findings_are_logged_with_file_and_line(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    project.revision("r2", DROPPED)
    project.upgrade()

    assert "versions/r2.py:9: warning GRD403 [drop-column]" in caplog.text
    assert columns(project) == {"id", "metadata"}


def test_an_error_can_stop_the_upgrade(project: Project) -> None:
    project.revision("r2", REPLACED)
    with pytest.raises(PreflightRefused, match=r"r2\.py:10: error GRD405") as caught:
        project.upgrade("head", "preflight=block")

    assert [finding.name for finding in caught.value.findings] == ["drop-add-rename"]
    assert columns(project) == {"id", "metadata", "title"}
    assert [entry.phase for entry in project.ledger()] == ["created", "applied"]


def test_an_accepted_finding_stops_nothing(project: Project) -> None:
    project.revision("r2", f"{REPLACED}  # guard: ignore[GRD405] the titles may go")
    project.upgrade("head", "preflight=block")

    assert columns(project) == {"id", "metadata", "headline"}


def test_a_rename_is_fine_when_the_apps_are_paused_for_it(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    project.revision("r2", 'op.rename_column("sessions", "metadata", "session_metadata")')
    with pytest.raises(PreflightRefused, match="GRD401"):
        project.upgrade("head", "preflight=block", "mode=announce")
    caplog.clear()
    project.upgrade("head", "preflight=block")

    assert "GRD401" not in caplog.text
    assert columns(project) == {"id", "session_metadata", "title"}


def test_what_is_applied_already_is_only_background(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    project.revision("r2", DROPPED)
    project.upgrade()
    caplog.clear()
    project.revision("r3", 'op.add_column("sessions", sa.Column("notes", sa.String(9)))')
    project.upgrade()

    assert "GRD" not in caplog.text


def test_a_new_database_is_not_reviewed_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    project = Project(tmp_path, sa.make_url(f"sqlite:///{tmp_path}/new.db"))
    project.revision("r1", 'op.execute("DROP TABLE IF EXISTS old")')
    project.upgrade("head", "preflight=block")

    assert "GRD" not in caplog.text


def test_it_can_be_switched_off(project: Project, caplog: pytest.LogCaptureFixture) -> None:
    project.revision("r2", DROPPED)
    project.upgrade("head", "preflight=off")

    assert "GRD" not in caplog.text


def test_the_review_is_not_loaded_when_there_is_nothing_to_apply(project: Project) -> None:
    code = (
        "import sys; from alembic.config import main\n"
        f"main(['-c', {str(project.folder / 'alembic.ini')!r}, 'upgrade', 'head'])\n"
        "sys.exit('alembic_guard.review' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)

    assert done.returncode == 0
