"""The sessions story, from a dead application to green tests, on each database."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

PROJECT = Path(__file__).parent / "sessions_project"
pytest.importorskip("sqlglot")
pytest.importorskip("pydantic")

ROWS = [(1, 7, "first", '{"tags": ["a"]}'), (2, 7, "second", None), (3, 8, "third", '{"a": 1}')]


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Path:
    """A copy of the project that the test may rewrite."""
    target = tmp_path / "project"
    shutil.copytree(PROJECT, target, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
    return target


class Shell:
    """Run commands in the project, as its developer would."""

    def __init__(self, project: Path, url: URL) -> None:
        self.project = project
        self.url = url.render_as_string(hide_password=False)
        ini = project / "alembic.ini"
        ini.write_text(
            re.sub("(?m)^sqlalchemy.url.*$", f"sqlalchemy.url = {self.url}", ini.read_text())
        )

    def __call__(self, *module: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *module],
            cwd=self.project, env={**os.environ, **environment}, check=False,
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    def migrate_by_plain_alembic(self) -> None:
        """Bring the database to 0001 as it was when the service was written, without models."""
        env = self.project / "migrations" / "env.py"
        kept = env.read_text()
        env.write_text(kept.replace('guard.load_metadata("app.models:Base")', "None"))
        done = self("alembic", "upgrade", "0001")
        env.write_text(kept)

        assert done.returncode == 0, done.stderr


def _insert(engine: sa.Engine) -> None:
    column = sa.quoted_name("metadata", quote=False)
    with engine.begin() as connection:
        connection.execute(
            sa.text(f"INSERT INTO sessions (id, user_id, title, {column}) VALUES (:i, :u, :t, :m)"),
            [dict(zip("iutm", row, strict=True)) for row in ROWS],
        )


def _rows(engine: sa.Engine, column: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            f"SELECT id, user_id, title, {column} FROM sessions ORDER BY id"
        )
        return [tuple(row) for row in found]


@pytest.mark.slow
def test_the_story_ends_green(
    kind: str, engine: sa.Engine, new_database: Callable[..., URL], project: Path
) -> None:
    """Red; found with its line; fixed; migrated with every row; green; nothing unlisted left."""
    shell = Shell(project, engine.url)
    tests = new_database(kind)
    test_url = tests.render_as_string(hide_password=False)
    shell.migrate_by_plain_alembic()
    _insert(engine)
    before = _rows(engine, "metadata")

    red = shell("pytest", "-q", "-p", "no:cacheprovider", GUARD_DATABASE_URL=test_url,
                PYTHONDONTWRITEBYTECODE="1")  # fmt: skip

    assert red.returncode != 0
    assert "19 passed" not in red.stdout

    found = shell("alembic_guard", "names", "app")

    assert found.returncode == 1
    assert re.search(r"app/models\.py:23:5: error GRD001", found.stdout), found.stdout

    fixed = shell("alembic_guard", "fix", ".", "--yes")

    assert fixed.returncode == 0, fixed.stderr
    assert shell("alembic_guard", "names", "app").returncode == 0

    revision = shell("alembic", "revision", "--autogenerate", "-m", "rename")

    assert revision.returncode == 0, revision.stderr
    (written,) = [
        path
        for path in (project / "migrations" / "versions").glob("*.py")
        if not path.name.startswith("0001")
    ]
    assert "rename_column" in written.read_text()
    assert "drop_column" not in written.read_text()

    upgrade = shell("alembic", "upgrade", "head")

    assert upgrade.returncode == 0, upgrade.stderr
    assert _rows(engine, "session_metadata") == before

    green = shell("pytest", "-q", "-p", "no:cacheprovider", GUARD_DATABASE_URL=test_url)

    assert green.returncode == 0, green.stdout + green.stderr
    assert "19 passed" in green.stdout
    _nothing_is_left_unlisted(project, fixed.stdout, written)

    again = shell("alembic_guard", "fix", ".", "--yes")

    assert again.stdout.strip() == "Nothing to fix."


def _nothing_is_left_unlisted(project: Path, report: str, written: Path) -> None:
    """Every remaining line with the old name is one that `fix` listed or wrote itself."""
    listed = set(re.findall(r"^  (\S+?):(\d+): ", report, re.MULTILINE))
    added = [line[1:].strip() for line in report.splitlines() if line.startswith("+")]
    for path in sorted(project.rglob("*")):
        if path.suffix not in (".py", ".sql", ".ini", ".mako") or path == written:
            continue
        name = path.relative_to(project).as_posix()
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(r"\bmetadata\b", line):
                known = (name, str(number)) in listed or line.strip() in added

                assert known, f"{name}:{number}: {line}"


def test_env_py_explains_the_import(kind: str, engine: sa.Engine, project: Path) -> None:
    """With SQLAlchemy 2.0 the models die at import; Alembic's command says why and where."""
    if sa.__version__.startswith("2.1"):
        pytest.skip("2.1 only warns")
    done = Shell(project, engine.url)("alembic", "upgrade", "head")

    assert done.returncode != 0
    assert "models.py:23" in done.stderr + done.stdout
    assert "session_metadata" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
