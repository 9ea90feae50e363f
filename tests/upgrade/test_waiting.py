"""After the change: who has loaded it, who refused and why, and what that means for the exit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from alembic_guard.errors import AppsNotCurrent
from alembic_guard.ledger import App
from alembic_guard.ledger.apps import acknowledge, register
from tests.upgrade.project import Project

ADD = 'op.add_column("sessions", sa.Column("notes", sa.String(9)))'


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Project:
    """One revision to go, epoch 2, and two apps that do not move by themselves."""
    url = sa.make_url(f"sqlite:///{tmp_path}/app.db")
    project = Project(tmp_path, url, settings="wait_timeout = 0.1")
    project.revision("r1", 'op.create_table("sessions", sa.Column("id", sa.Integer))')
    project.upgrade()
    with project.connect() as connection:
        for name in ("shop", "mail"):
            app = App(name, name, "web-1", 7, state="current", epoch=2, ttl=600)
            register(connection, app)
    project.revision("r2", ADD)
    return project


def answer(project: Project, app: str, epoch: int, state: str, error: str | None = None) -> None:
    with project.connect() as connection:
        acknowledge(connection, app, epoch, state, error)  # type: ignore[arg-type]  # a literal at each call


def test_by_default_late_apps_are_named_and_the_command_succeeds(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    answer(project, "mail", 3, "refused", "a new primary key")
    project.upgrade()

    assert "1 app(s) refused epoch 3:\n  mail@web-1:7: a new primary key" in caplog.text
    assert re.search(r"  shop@web-1:7: current at epoch 2, last heard of \d+ s ago", caplog.text)
    assert "have not loaded epoch 3 after" in caplog.text


def test_fail_ends_with_an_error_that_says_it_is_applied(project: Project) -> None:
    answer(project, "mail", 3, "refused", "a new primary key")
    with pytest.raises(AppsNotCurrent, match="The database is migrated, but") as caught:
        project.upgrade("head", "on-timeout=fail")

    assert (caught.value.refused, caught.value.missing) == (("mail@web-1:7",), ("shop@web-1:7",))
    assert len(project.applied()) == 2


def test_the_command_can_be_repeated_until_all_have_loaded_it(project: Project) -> None:
    """A pipeline that runs it again must not be told that all is well when it is not."""
    with pytest.raises(AppsNotCurrent):
        project.upgrade("head", "on-timeout=fail")
    answer(project, "shop", 3, "current")
    with pytest.raises(AppsNotCurrent, match="loaded epoch 3: mail@web-1:7"):
        project.upgrade("head", "on-timeout=fail")
    answer(project, "mail", 3, "current")
    project.upgrade("head", "on-timeout=fail")

    assert len(project.applied()) == 2


def test_the_command_line_exits_with_the_failure(project: Project) -> None:
    process = project.spawn("-x", "on-timeout=fail", "upgrade", "head")
    output = "".join(process.communicate(timeout=60))

    assert process.returncode != 0
    assert "FAILED: The database is migrated, but" in " ".join(output.split())
    assert "Traceback" not in output
