"""`alembic-guard apps` and `announce`: what an operator sees and does."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from alembic_guard.cli import main
from alembic_guard.facts import SchemaChange
from alembic_guard.ledger import App, Ledger
from alembic_guard.ledger.apps import acknowledge, register
from tests.upgrade.fake_app import FakeApp
from tests.upgrade.project import SYNC_ENV, Project


@pytest.fixture(name="project")
def _project(tmp_path: Path, database_url: URL) -> Project:
    project = Project(tmp_path, database_url, settings="wait_timeout = 5")
    project.revision(
        "r1",
        'op.create_table("sessions", sa.Column("id", sa.Integer, primary_key=True),'
        ' sa.Column("metadata", sa.String(50)))',
    )
    project.upgrade()
    return project


def command(project: Project, *arguments: str) -> int:
    return main([arguments[0], "--config", str(project.folder / "alembic.ini"), *arguments[1:]])


def test_apps_are_listed_with_what_they_lack(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    with project.connect() as connection:
        for name in ("current", "late", "broken"):
            register(connection, App(name, name, "web-1", 7, channel="polling"))
        acknowledge(connection, "current", 2, "current")
        acknowledge(connection, "late", 1, "current")
        acknowledge(connection, "broken", 2, "refused", "a new primary key\nsecond line")
    code = command(project, "apps")
    lines = capsys.readouterr().out.splitlines()

    assert code == 1
    assert [line.split()[:6] for line in lines[1:4]] == [
        ["broken", "web-1", "7", "refused", "2", "-"],
        ["current", "web-1", "7", "current", "2", "-"],
        ["late", "web-1", "7", "current", "1", "1"],
    ]
    assert lines[1].endswith("a new primary key")
    assert lines[4] == "1 of 3 at epoch 2, 1 refused"


def test_a_degraded_app_has_loaded_the_epoch(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    with project.connect() as connection:
        register(connection, App("shop-1", "shop", "web-1", 7))
        acknowledge(connection, "shop-1", 2, "degraded", "sessions.a is called b in the database")
    code = command(project, "apps")
    lines = capsys.readouterr().out.splitlines()

    assert code == 1
    assert lines[-1] == "1 of 1 at epoch 2, 1 degraded"


def test_apps_are_listed_as_json(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    with project.connect() as connection:
        register(connection, App("shop-1", "shop", "web-1", 7))
        acknowledge(connection, "shop-1", 2, "current")
        register(connection, App("gone-1", "gone", "web-1", 8, ttl=-1))
    code = command(project, "apps", "--format", "json")
    listed = json.loads(capsys.readouterr().out)

    assert code == 0
    assert listed["epoch"] == 2
    assert [(app["app"], app["state"], app["behind"]) for app in listed["apps"]] == [
        ("shop", "current", 0)
    ]


def test_a_database_without_a_ledger_is_not_said_to_have_no_apps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.db").touch()
    code = main(["apps", "--database-url", f"sqlite:///{tmp_path}/empty.db"])

    assert code == 0
    assert "This database has no ledger" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["apps", "announce"])
def test_a_missing_file_is_named_and_not_made(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([command, "--database-url", f"sqlite:///{tmp_path}/slip.db"])

    assert code == 2
    assert f"there is no file {tmp_path}/slip.db" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["apps", "announce"])
@pytest.mark.parametrize(
    ("ini", "said"),
    [
        ("no section", "cannot be read (MissingSectionHeaderError)"),
        ("[alembic]\nsqlalchemy.url = sqlite:///%(HOME)s/x.db\n", "needs what only env.py gives"),
        ("[alembic]\nsqlalchemy.url = driver://u:p@h/d\n", "has no sqlalchemy.url"),
    ],
)
def test_a_config_that_does_not_say_the_database_is_a_usage_error(
    command: str, ini: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "alembic.ini").write_text(ini)

    assert main([command, "--config", str(tmp_path / "alembic.ini")]) == 2
    assert said in capsys.readouterr().err


def test_who_may_not_read_the_ledger_is_told_the_rights(
    new_database: Callable[..., URL], capsys: pytest.CaptureFixture[str]
) -> None:
    url = new_database("postgresql")
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    role = f"app_{url.database}"
    with admin.connect() as connection:
        Ledger().ensure(connection)
        connection.exec_driver_sql(f"create role {role} login")
        text = url.set(username=role).render_as_string(hide_password=False)
        code = main(["apps", "--database-url", text])
        connection.exec_driver_sql(f"drop role {role}")
    admin.dispose()

    assert code == 2
    assert "GRANT SELECT on alembic_version" in capsys.readouterr().err


def test_no_config_and_no_url_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["apps", "--config", str(tmp_path / "alembic.ini")])

    assert code == 2
    assert "--database-url" in capsys.readouterr().err


def test_an_asyncio_url_of_the_config_works_too(
    tmp_path: Path, kind: str, new_database: Callable[..., URL]
) -> None:
    url = new_database(kind, asynchronous=True)
    if kind == "sqlite":
        Path(str(url.database)).touch()

    assert main(["apps", "--database-url", url.render_as_string(hide_password=False)]) == 0


def test_nothing_is_announced_when_nothing_changed(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    code = command(project, "announce")

    assert code == 0
    assert capsys.readouterr().out.startswith("Nothing changed since epoch 2")
    assert len(project.applied()) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--rename", "sessions.metadata:nowhere"], "sessions has no column nowhere, but "),
        (["--rename", "nowhere.a:b"], "there is no table nowhere"),
        (["--rename-table", "sessions:nowhere"], "there is no table nowhere"),
    ],
)
def test_a_rename_that_was_not_made_is_not_announced(
    project: Project, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(project, "announce", *arguments) == 2
    assert said in capsys.readouterr().err
    assert len(project.applied()) == 1


def test_a_swap_is_announced_by_the_names_that_are_left(project: Project) -> None:
    with project.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE sessions ADD COLUMN other varchar(9)")
        (first, *_, second) = (c["name"] for c in sa.inspect(connection).get_columns("sessions"))
    steps = (f"{first}:between", f"{second}:{first}", f"between:{second}")
    renames = [part for step in steps for part in ("--rename", f"sessions.{step}")]

    assert command(project, "announce", *renames) == 0
    assert [change.new for change in project.applied()[-1].changes] == ["between", first, second]


def test_ddl_of_another_tool_is_announced(project: Project) -> None:
    with project.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE sessions ADD COLUMN notes varchar(9)")
    code = command(project, "announce", "--message", "by hand")
    entry = project.applied()[-1]

    assert code == 0
    assert (entry.direction, entry.heads, entry.touched) == ("announce", ("r1",), ())
    assert entry.message == "by hand"
    assert command(project, "announce") == 0
    assert len(project.applied()) == 2


def test_a_rename_by_hand_is_told(project: Project) -> None:
    with project.connect() as connection:
        connection.exec_driver_sql(
            "ALTER TABLE sessions RENAME COLUMN metadata TO session_metadata"
        )
    with FakeApp().running(project) as app:
        command(project, "announce", "--rename", "sessions.metadata:session_metadata")

    assert app.heard == ["applied"]
    assert project.applied()[-1].changes == (
        SchemaChange("rename_column", None, "sessions", "metadata", "session_metadata"),
    )


def test_an_app_that_does_not_answer_is_named(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    with project.connect() as connection:
        register(connection, App("shop-1", "shop", "web-1", 7, ttl=600))
    code = command(project, "announce", "--force")

    assert code == 1
    assert "not loaded: shop@web-1:7 (starting)" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["sessions", "sessions.a", "a.b.c.d:e", ":x"])
def test_a_malformed_rename_is_a_usage_error(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/app.db"
    code = main(["announce", "--database-url", url, "--rename", text])

    assert code == 2
    assert "TABLE.OLD:NEW" in capsys.readouterr().err


def test_a_drifted_schema_is_told_before_an_upgrade(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    with project.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE sessions ADD COLUMN notes varchar(9)")
    project.revision("r2", 'op.add_column("sessions", sa.Column("more", sa.String(9)))')
    project.upgrade()

    assert "changed outside of Alembic since epoch 2" in caplog.text
    with project.connect() as connection:
        assert Ledger().newest_epoch(connection) == 3


def test_doctor_knows_the_heads_where_env_names_another_version_table(
    tmp_path: Path, database_url: URL, capsys: pytest.CaptureFixture[str]
) -> None:
    env = SYNC_ENV.replace("connection=connection,", 'connection=connection, version_table="past",')
    project = Project(tmp_path, database_url, env=env)
    project.revision("r1", 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))')
    project.upgrade()
    code = main(["doctor", "--config", str(tmp_path / "alembic.ini"), "--format", "json"])
    found = json.loads(capsys.readouterr().out)

    assert code == 0
    assert found["app"]["heads"] == ["r1"]
    assert found["app"]["pending"] == []
