"""Both names at once on PostgreSQL, and one again when every app has loaded the change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from alembic_guard.ledger import App
from alembic_guard.ledger.apps import acknowledge, register
from alembic_guard.settings import Settings
from alembic_guard.upgrade.compat import find_views
from alembic_guard.upgrade.contracting import contract_all
from tests.upgrade.fake_app import FakeApp
from tests.upgrade.project import Project

pytestmark = pytest.mark.postgresql
RENAME = 'op.rename_column("sessions", "metadata", "session_metadata")'


@pytest.fixture(name="project")
def _project(tmp_path: Path, new_database: Callable[..., URL]) -> Project:
    project = Project(tmp_path, new_database("postgresql"), settings="mode = compat")
    project.revision(
        "r1",
        'op.create_table("sessions", sa.Column("id", sa.Integer, primary_key=True),'
        ' sa.Column("metadata", sa.String(50), server_default="none"))',
    )
    project.upgrade()
    project.revision("r2", RENAME)
    return project


@pytest.fixture(name="late_app")
def _late_app(project: Project) -> Iterator[sa.Connection]:
    """An app that lives and has not answered yet."""
    with project.connect() as connection:
        register(connection, App("late", "shop", "web-1", 1, state="current", epoch=2, ttl=600))
        yield connection


def columns(project: Project) -> list[str]:
    with project.connect() as connection:
        return [column["name"] for column in sa.inspect(connection).get_columns("sessions")]


def test_both_names_work_until_the_last_app_has_answered(
    project: Project, late_app: sa.Connection
) -> None:
    project.upgrade("head", "wait-timeout=0.1")
    run = late_app.exec_driver_sql
    run("INSERT INTO sessions (metadata) VALUES ('old code')")
    run("INSERT INTO sessions (session_metadata) VALUES ('new code')")
    run("INSERT INTO sessions DEFAULT VALUES")
    run("UPDATE sessions SET metadata = 'changed' WHERE session_metadata = 'new code'")
    rows = run("SELECT metadata, session_metadata FROM sessions ORDER BY id").fetchall()

    assert rows == [(value, value) for value in ("old code", "changed", "none")]
    assert project.applied()[-1].mode == "compat"
    assert [change.kind for change in project.applied()[-1].changes] == ["rename_column"]


def test_it_is_contracted_when_every_app_has_loaded_it(project: Project) -> None:
    with FakeApp().running(project) as app:
        project.upgrade()

    assert columns(project) == ["id", "session_metadata"]
    assert [entry.mode for entry in project.applied()][-2:] == ["compat", "contract"]
    assert app.heard[0] == "applied"


def test_the_next_upgrade_contracts_what_was_left(
    project: Project, late_app: sa.Connection
) -> None:
    project.upgrade("head", "no-wait")
    acknowledge(late_app, "late", project.applied()[-1].epoch, "current")
    project.revision("r3", 'op.add_column("sessions", sa.Column("notes", sa.String(9)))')
    project.upgrade("head", "no-wait")

    assert columns(project) == ["id", "session_metadata", "notes"]


def test_the_operator_can_contract_by_hand(project: Project, late_app: sa.Connection) -> None:
    project.upgrade("head", "no-wait")
    tables = contract_all(late_app, Settings())

    assert tables == ["sessions"]
    assert find_views(late_app) == []
    assert columns(project) == ["id", "session_metadata"]


def test_privileges_and_rows_survive_both_ways(project: Project, late_app: sa.Connection) -> None:
    late_app.exec_driver_sql("INSERT INTO sessions (metadata) VALUES ('kept')")
    late_app.exec_driver_sql("GRANT SELECT ON sessions TO PUBLIC")
    project.upgrade("head", "no-wait")
    query = "SELECT has_table_privilege('public', 'sessions', 'SELECT')"
    granted = late_app.exec_driver_sql(query.replace("'public', ", "'pg_monitor', ")).scalar()
    contract_all(late_app, Settings())

    assert granted is True
    assert late_app.exec_driver_sql("SELECT session_metadata FROM sessions").scalar() == "kept"


def test_a_table_with_row_security_is_paused_for_instead(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    with project.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE sessions ENABLE ROW LEVEL SECURITY")
    with FakeApp().running(project) as app:
        project.upgrade()

    assert app.heard == ["pause", "applied"]
    assert "row-level security" in caplog.text


def test_only_the_last_pending_step_leaves_a_view(project: Project) -> None:
    project.revision("r3", 'op.rename_column("sessions", "session_metadata", "details")')
    with FakeApp().running(project):
        project.upgrade()

    assert [entry.mode for entry in project.applied()] == [
        "announce",
        "pause",
        "compat",
        "contract",
    ]
    assert columns(project) == ["id", "details"]
