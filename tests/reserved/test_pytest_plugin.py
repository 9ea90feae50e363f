"""The pytest plugin: a test database from nothing to head, whatever was there before."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from alembic_guard.emptying import drop_everything

ENV = """\
from alembic import context
from sqlalchemy import create_engine
engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
REVISION = """\
import sqlalchemy as sa
from alembic import op
revision, down_revision = "1", None
def upgrade():
    op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table("child", sa.Column("id", sa.Integer, sa.ForeignKey("parent.id")))
"""
TESTS = """\
import sqlalchemy as sa
def test_is_at_head(guard_engine):
    assert set(sa.inspect(guard_engine).get_table_names()) == {"parent", "child", "alembic_version"}
def test_writes(guard_connection):
    guard_connection.exec_driver_sql("INSERT INTO parent (id) VALUES (1)")
def test_sees_no_leftovers(guard_connection):
    assert guard_connection.exec_driver_sql("SELECT count(*) FROM parent").scalar() == 0
"""


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Path:
    (tmp_path / "migrations" / "versions").mkdir(parents=True)
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
    (tmp_path / "migrations" / "env.py").write_text(ENV)
    (tmp_path / "migrations" / "versions" / "one.py").write_text(REVISION)
    (tmp_path / "test_it.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\nguard_config = alembic.ini\n")
    return tmp_path


def _pytest(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if key != "GUARD_DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=project, env={**kept, **environment}, check=False, capture_output=True, text=True,
    )  # fmt: skip


def _leave_things(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE parent (id integer PRIMARY KEY, old integer)")
        connection.exec_driver_sql("CREATE TABLE child (id integer REFERENCES parent (id))")
        connection.exec_driver_sql("CREATE VIEW seen AS SELECT id FROM parent")
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("CREATE TYPE mood AS ENUM ('ok')")
            connection.exec_driver_sql("CREATE MATERIALIZED VIEW kept AS SELECT id FROM parent")
            connection.exec_driver_sql("CREATE SEQUENCE counter")


def test_a_database_is_emptied_and_brought_to_head(
    kind: str, engine: sa.Engine, database_url: URL, project: Path
) -> None:
    _leave_things(engine)
    url = database_url.render_as_string(hide_password=False)
    # the fixtures' SQLite files have names that do not say test
    done = _pytest(project, "-o", "guard_any_database=yes", GUARD_DATABASE_URL=url)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout
    assert sa.inspect(engine).get_view_names() == []


def test_everything_is_dropped(engine: sa.Engine) -> None:
    _leave_things(engine)
    drop_everything(engine)
    inspector = sa.inspect(engine)

    assert inspector.get_table_names() == []
    assert inspector.get_view_names() == []
    if engine.dialect.name == "postgresql":
        assert inspector.get_enums() == []
        assert inspector.get_sequence_names() == []


def test_only_a_test_database_is_emptied(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    engine = sa.create_engine(f"sqlite:///{path.name}")
    done = _pytest(project, "--guard-database-url", str(engine.url))

    assert done.returncode != 0
    assert "whose name does not contain 'test'" in done.stdout + done.stderr


def test_without_a_database_the_tests_are_skipped(project: Path) -> None:
    done = _pytest(project, "-rs")

    assert done.returncode == 0
    assert "set guard_database_url" in done.stdout


def test_loading_the_plugin_imports_nothing_heavy() -> None:
    program = (
        "import sys, alembic_guard.pytest_plugin\n"
        "assert not {'sqlalchemy', 'alembic', 'sqlglot'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)

    assert done.returncode == 0, done.stderr
