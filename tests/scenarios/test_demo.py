"""The two stories, as a newcomer plays them: real processes, real databases, every claim held."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.fixtures.databases import DRIVERS
from tests.fixtures.servers import Server


def _play(*arguments: str, cwd: Path) -> tuple[int, subprocess.CompletedProcess[str]]:
    """Its process id, which is in the name of every database it creates, and what it said."""
    process = subprocess.Popen(
        [sys.executable, "-m", "alembic_guard", "demo", *arguments],
        cwd=cwd,
        env=dict(os.environ, TMPDIR=str(cwd)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        output, errors = process.communicate(timeout=900)
    finally:
        process.kill()
    done = subprocess.CompletedProcess(process.args, process.returncode, output, errors)
    return process.pid, done


@pytest.mark.slow
def test_both_stories_hold_on_embedded_sqlite_and_leave_nothing_behind(tmp_path: Path) -> None:
    """No row lost, no request failed, no restart; the wrong database is named."""
    pytest.importorskip("uvicorn")

    _, done = _play(cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAIL" not in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense", "--database-url is not an SQLAlchemy URL"),
        ("oracle://localhost", "the demo plays on PostgreSQL, MySQL, MariaDB and SQLite"),
        ("postgresql+psycopg://me:secret@127.0.0.1:1/x", "127.0.0.1:1/x: OperationalError"),
        ("postgresql+nothing://127.0.0.1:1/x", "NoSuchModuleError"),
    ],
)
def test_a_server_that_is_none_is_said_before_anything_is_played(
    url: str, message: str, tmp_path: Path
) -> None:
    """In one line, without the password."""
    pytest.importorskip("uvicorn")

    _, done = _play("--database-url", url, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "secret" not in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_the_rename_holds_on_a_server(
    kind: str, server: Callable[[str], Server], tmp_path: Path
) -> None:
    """The same claims in databases of the demo's own, dropped at the end."""
    pytest.importorskip("uvicorn")
    url = server(kind).url.set(drivername=DRIVERS[kind])

    pid, done = _play(
        *("--story", "sessions", "--database-url", url.render_as_string(hide_password=False)),
        cwd=tmp_path,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    listing = {"postgresql": "SELECT datname FROM pg_database", "mariadb": "SHOW DATABASES"}
    with sa.create_engine(url, poolclass=sa.pool.NullPool).connect() as connection:
        names = connection.exec_driver_sql(listing[kind]).scalars().all()
    assert not [name for name in names if f"guard_demo_{pid}_" in name]
