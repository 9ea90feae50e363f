"""A database's password is in no log, row, report, script, error or traceback."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from alembic_guard.cli import main
from alembic_guard.errors import GuardError
from alembic_guard.ledger import App, Ledger
from alembic_guard.ledger.apps import register
from alembic_guard.upgrade.lock import held, lock_for
from alembic_guard.upgrade.side import side_connection
from tests.upgrade.project import Project

CANARY = "kanari@S3cret"
SPOKEN = ("kanari", "S3cret")
FORMS = ["postgresql", "postgresql query", "postgresql sslpassword", "mariadb", "mariadb query"]


@pytest.fixture(name="url", params=FORMS)
def _url(request: pytest.FixtureRequest, new_database: Callable[..., URL]) -> Iterator[URL]:
    """A working URL with the canary in it: before the ``@``, or in the query."""
    kind, _, form = request.param.partition(" ")
    url = new_database(kind)
    if kind == "postgresql":
        key = "sslpassword" if form == "sslpassword" else "password"
        yield url.update_query_dict({key: CANARY}) if form else url.set(password=CANARY)
        return
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    name = f"guard_user_{(url.database or '')[-10:]}"
    with engine.connect() as connection:
        run = connection.exec_driver_sql
        run(f"CREATE USER '{name}'@'%%' IDENTIFIED BY '{CANARY}'")
        run(f"GRANT ALL ON *.* TO '{name}'@'%%'")
        given = url.set(username=name, password=None if form else CANARY)
        yield given.update_query_dict({"password": CANARY}) if form else given
        run(f"DROP USER '{name}'@'%%'")
    engine.dispose()


@pytest.fixture(name="project")
def _project(tmp_path: Path, url: URL) -> Project:
    project = Project(
        tmp_path,
        url,
        settings="wait_timeout = 0.1\nchannels = redis://:kanari%%40S3cret@127.0.0.1:1/0",
    )
    project.revision("r1", 'op.create_table("sessions", sa.Column("id", sa.Integer))')
    return project


def told(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def failures(project: Project) -> Iterator[str]:
    """What goes wrong in an upgrade, as a traceback shows it."""
    with project.connect() as connection:
        register(connection, App("late", "shop", "web-1", 7, state="current", ttl=600))
    project.revision("r2", 'op.add_column("sessions", sa.Column("a", sa.Integer))')
    for x in ("on-timeout=fail", "mode=never"):
        with pytest.raises(GuardError) as caught:
            project.upgrade("head", x)
        yield told(caught.value)
    engine = sa.create_engine(project.url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection, side_connection(connection, "the other") as side:
        with held(lock_for(side, ".alembic_version", "the other"), 5):
            with pytest.raises(GuardError, match="another migration") as caught:
                project.upgrade("head", "lock-wait=0.1")
    engine.dispose()
    yield told(caught.value)
    project.revision("r3", 'op.execute("ALTER TABLE sessions ADD b INTEGER")\nop.execute("oops")')
    with pytest.raises(sa.exc.DBAPIError, match="oops") as broken:
        project.upgrade("head", "mode=announce")
    yield told(broken.value)


def commands(project: Project) -> None:
    """Every command that connects: with the project's URL, a dead one, and one that is none."""
    rendered = project.url.render_as_string(hide_password=False)
    dead = project.url.set(port=1).render_as_string(hide_password=False)
    none = f"postgresql://ann:{CANARY}@host:port/app"
    ini = str(project.folder / "alembic.ini")
    for url in (rendered, dead, none):
        for command in (["apps", "--all"], ["apps", "--format", "json"], ["announce", "--no-wait"]):
            main([*command, "--config", ini, "--database-url", url])
        for form in ("text", "json"):
            main(["doctor", "--config", ini, "--database-url", url, "--format", form])
    main(["doctor", "--config", ini, "--alembic-url", dead, "--database-url", rendered])


def rows(project: Project) -> str:
    tables = Ledger().tables
    with project.connect() as connection:
        return repr([list(connection.execute(sa.select(t))) for t in (tables.change, tables.app)])


def test_the_password_is_never_shown(
    project: Project,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    project.upgrade()
    said = [*failures(project)]
    commands(project)
    said += [project.script(), rows(project), caplog.text, *capfd.readouterr()]
    process = project.spawn("-x", "mode=announce", "upgrade", "head")
    said += process.communicate(timeout=60)
    shown = [line for text in said for line in text.splitlines() if any(s in line for s in SPOKEN)]

    assert process.returncode != 0
    assert shown == []
