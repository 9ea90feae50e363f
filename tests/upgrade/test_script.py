"""`alembic upgrade --sql`: the script a DBA runs writes the same rows."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from alembic_guard.facts import SchemaChange
from tests.upgrade.project import Project

RENAMED = SchemaChange("rename_column", None, "sessions", "metadata", "100% it's new")


@pytest.fixture(name="project")
def _project(tmp_path: Path, database_url: URL) -> Project:
    project = Project(tmp_path, database_url)
    project.revision(
        "r1",
        'op.create_table("sessions", sa.Column("id", sa.Integer, primary_key=True),'
        ' sa.Column("metadata", sa.String(50)))',
    )
    project.revision("r2", 'op.alter_column("sessions", "metadata", nullable=True)')
    return project


def run_script(project: Project, script: str) -> None:
    """Run it as a person would paste it: statement by statement, outside of Alembic."""
    if project.url.get_backend_name() == "sqlite":
        with sqlite3.connect(str(project.url.database)) as connection:
            connection.executescript(script)
        connection.close()
        return
    with project.connect() as connection:
        for statement in script.split(";\n"):
            if statement.strip():
                connection.execute(sa.text(statement.replace(":", r"\:")))


def test_the_script_records_what_it_does(project: Project) -> None:
    (project.folder / "migrations" / "versions" / "r2.py").write_text(
        "from alembic import op\nrevision = 'r2'\ndown_revision = 'r1'\n"
        "def upgrade():\n"
        "    op.rename_column('sessions', 'metadata', 'session_metadata')\n"
    )
    script = project.script()
    run_script(project, script)
    first, second = project.applied()

    assert first.changes == (SchemaChange("add_table", None, "sessions", new="sessions"),)
    assert second.changes == (
        SchemaChange("rename_column", None, "sessions", "metadata", "session_metadata"),
    )
    assert (second.revision, second.heads, second.direction) == ("r2", ("r2",), "upgrade")
    assert (first.epoch, second.epoch) == (1, 2)
    assert first.database_uuid == second.database_uuid != ""
    assert ("pg_notify" in script) == (project.url.get_backend_name() == "postgresql")


def test_a_script_continues_the_ledger_it_finds(project: Project) -> None:
    project.upgrade("r1")
    config = project.config()
    project.revision("r3", 'op.add_column("sessions", sa.Column("notes", sa.String(9)))')
    (project.folder / "migrations" / "versions" / "r2.py").unlink()
    path = project.folder / "migrations" / "versions" / "r3.py"
    path.write_text(path.read_text().replace("'r2'", "'r1'"))
    import io

    from alembic import command

    config.output_buffer = io.StringIO()
    command.upgrade(config, "r1:r3", sql=True)
    run_script(project, config.output_buffer.getvalue())
    before, after = project.applied()

    assert after.database_uuid == before.database_uuid
    assert after.epoch == before.epoch + 1
    assert after.changes == (SchemaChange("add_column", None, "sessions", new="notes"),)
