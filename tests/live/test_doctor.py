from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from alembic_guard.cli import main
from alembic_guard.ledger import App, Ledger
from alembic_guard.ledger.apps import register
from tests.fixtures.servers import Server, find_server
from tests.live.test_identity import build_database, project

MODELS = """
from sqlalchemy import Integer, JSON, String
from sqlalchemy.orm import DeclarativeBase, mapped_column

class Base(DeclarativeBase):
    pass

class SessionRecord(Base):
    __tablename__ = "sessions"
    id = mapped_column(Integer, primary_key=True)
    chat = mapped_column("chat_session_id", String(50))
    metadata_ = mapped_column("metadata", JSON)
"""


def doctor(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    code = main(["doctor", "--format", "json", *arguments])
    return code, json.loads(capsys.readouterr().out)


def text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def test_two_databases_are_both_named_and_the_exit_code_is_1(
    kind: str, new_database: Callable[..., URL], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine, theirs = new_database(kind), new_database(kind)
    build_database(mine, kind, upgraded=False)
    build_database(theirs, kind, upgraded=True)
    ini = project(tmp_path, theirs)
    code = main(["doctor", "--config", str(ini), "--database-url", text(mine)])
    output = capsys.readouterr().out
    first = output.splitlines()[0]

    assert code == 1
    assert first.startswith("the app uses ")
    assert str(mine.database) in first
    assert str(theirs.database) in first
    assert "confirmed  The app is connected to another database" in output


def test_same_healthy_database_exits_0_whatever_driver_names_it(
    kind: str, new_database: Callable[..., URL], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = new_database(kind)
    build_database(url, kind, upgraded=True)
    names = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
    app = url.set(drivername=names.get(kind, "mysql+aiomysql"))
    code, found = doctor(
        capsys, "--config", str(project(tmp_path, url)), "--database-url", text(app)
    )

    assert code == 0
    assert found["same_database"] is True
    verdicts = {h["name"]: h["verdict"] for h in found["hypotheses"]}  # type: ignore[attr-defined]
    assert verdicts["other-database"] == "ruled out"
    assert verdicts["not-applied"] == "ruled out"


def test_a_database_nobody_named_is_not_said_to_be_the_apps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    url = sa.make_url(f"sqlite:///{tmp_path}/app.db")
    build_database(url, "sqlite", upgraded=True)
    code, found = doctor(capsys, "--config", str(project(tmp_path, url)))

    assert code == 0
    assert found["same_database"] is None
    assert found["hypotheses"][0]["verdict"] == "unknown"  # type: ignore[index]


def test_a_file_that_is_not_there_is_another_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = sa.make_url(f"sqlite:///{tmp_path}/app.db")
    build_database(url, "sqlite", upgraded=True)
    ini = project(tmp_path, url)
    slip = f"sqlite:///{tmp_path}/slip.db"
    code, found = doctor(capsys, "--config", str(ini), "--database-url", slip)
    main(["doctor", "--config", str(ini), "--database-url", slip])
    output = capsys.readouterr().out

    assert code == 1
    assert found["hypotheses"][0]["verdict"] == "confirmed"  # type: ignore[index]
    assert f"there is no file {tmp_path}/slip.db; alembic upgraded SQLite " in output
    assert output.count("heads ") == 1  # nobody has seen those of the missing file


def test_a_relative_url_is_told_to_depend_on_where_alembic_is_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "backend").mkdir()
    ini = project(tmp_path / "backend", "sqlite:///app.db")
    for folder in (tmp_path / "backend", tmp_path):  # as `alembic -c backend/alembic.ini` does
        build_database(sa.make_url(f"sqlite:///{folder}/app.db"), "sqlite", upgraded=True)
    monkeypatch.chdir(tmp_path)
    code, found = doctor(capsys, "--config", str(ini), "--database-url", "sqlite:///app.db")
    (note,) = found["notes"]  # type: ignore[misc]

    assert code == 1
    assert f"Alembic upgrades {tmp_path}/backend/app.db; run here, {tmp_path}/app.db" in note


@pytest.mark.parametrize("command", ["doctor", "apps", "announce"])
def test_a_server_without_a_database_is_named(
    command: str, new_database: Callable[..., URL], capsys: pytest.CaptureFixture[str]
) -> None:
    url = new_database("mariadb").set(database="")

    assert main([command, "--database-url", text(url)]) == (1 if command == "doctor" else 2)
    captured = capsys.readouterr()
    assert "names no database" in captured.out + captured.err


def test_two_servers_with_equal_names_are_told_apart(
    new_database: Callable[..., URL],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine = new_database("postgresql")
    build_database(mine, "postgresql", upgraded=True)
    monkeypatch.setenv("GUARD_TEST_START_SERVERS", "1")
    with contextlib.ExitStack() as stack:
        other = find_server("postgresql", stack)
        assert isinstance(other, Server), other
        admin = sa.create_engine(other.url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql(f"create database {mine.database}")
        admin.dispose()
        theirs = other.url.set(database=mine.database)
        build_database(theirs, "postgresql", upgraded=True)
        code, found = doctor(
            capsys, "--config", str(project(tmp_path, mine)), "--database-url", text(theirs)
        )
    app, alembic = str(found["headline"]).split("; alembic upgraded ")

    assert code == 1
    assert f"{mine.database} at 127.0.0.1:{theirs.port} (server " in app
    assert f"{mine.database} at 127.0.0.1:{mine.port} (server " in alembic
    assert app.rpartition("(server ")[2] != alembic.rpartition("(server ")[2]


def test_a_copy_is_told_and_given_an_identity_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = sa.make_url(f"sqlite:///{tmp_path}/app.db")
    build_database(url, "sqlite", upgraded=True)
    shutil.copy(tmp_path / "app.db", tmp_path / "copy.db")
    copy = f"sqlite:///{tmp_path}/copy.db"
    arguments = ["--config", str(project(tmp_path, url)), "--database-url", copy]
    _, before = doctor(capsys, *arguments)
    assert main(["announce", "--new-database", "--no-wait", *arguments]) == 0
    capsys.readouterr()
    _, after = doctor(capsys, *arguments)

    assert "--new-database" in str(before["notes"])
    assert after["notes"] == []
    assert after["app"]["database_uuid"] != after["alembic"]["database_uuid"]  # type: ignore[index]


def test_a_database_ahead_of_the_files_is_not_said_to_lack_a_migration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = sa.make_url(f"sqlite:///{tmp_path}/app.db")
    build_database(url, "sqlite", upgraded=True)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = 'newer'")
    engine.dispose()
    code, found = doctor(
        capsys, "--config", str(project(tmp_path, url)), "--database-url", text(url)
    )

    assert code == 1
    assert found["hypotheses"][1]["verdict"] == "unknown"  # type: ignore[index]
    assert "newer, of which there is no revision file" in found["hypotheses"][1]["because"]  # type: ignore[index]


def test_models_are_found_from_the_working_folder_as_alembic_finds_them(
    tmp_path: Path,
) -> None:
    url = sa.make_url(f"sqlite:///{tmp_path}/app.db")
    build_database(url, "sqlite", upgraded=True)
    ini = project(tmp_path, url)
    ini.write_text(ini.read_text() + "prepend_sys_path = src\n")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "models.py").write_text("from shared import *\n" + MODELS)
    (tmp_path / "shared.py").touch()
    script = Path(sys.executable).with_name("alembic-guard")  # without -m, nothing is on sys.path
    command = [str(script), "doctor", "--database-url", text(url)]
    for target, code, said in (
        ("models:Base", 0, "GRD080 sessions.metadata"),
        ("nowhere:Base", 2, "--metadata nowhere:Base: the import fails with ModuleNotFoundError"),
    ):
        done = subprocess.run(
            [*command, "--metadata", target],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip

        assert done.returncode == code, done.stderr
        assert said in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_symbolic_link_to_the_same_file_is_the_same_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = sa.make_url(f"sqlite:///{tmp_path}/real.db")
    build_database(url, "sqlite", upgraded=True)
    (tmp_path / "link.db").symlink_to(tmp_path / "real.db")
    ini = project(tmp_path, url)
    code, _ = doctor(
        capsys, "--config", str(ini), "--database-url", f"sqlite:///{tmp_path}/link.db"
    )

    assert code == 0


def test_migration_that_was_not_applied_is_confirmed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = sa.make_url(f"sqlite:///{tmp_path}/app.db")
    build_database(url, "sqlite", upgraded=False)
    code, found = doctor(
        capsys, "--config", str(project(tmp_path, url)), "--database-url", text(url)
    )

    assert code == 1
    assert found["hypotheses"][1]["verdict"] == "confirmed"  # type: ignore[index]
    assert any("1a2b3c" in problem for problem in found["problems"])  # type: ignore[attr-defined]


def test_stale_process_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = sa.make_url(f"sqlite:///{tmp_path}/app.db")
    build_database(url, "sqlite", upgraded=True)
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        register(connection, App("i1", "shop", "web-1", 4711, state="current", epoch=0))
    engine.dispose()
    code, found = doctor(
        capsys, "--config", str(project(tmp_path, url)), "--database-url", text(url)
    )

    assert code == 1
    assert found["hypotheses"][2]["verdict"] == "confirmed"  # type: ignore[index]
    assert "shop@web-1:4711" in found["hypotheses"][2]["because"]  # type: ignore[index]


def test_models_are_compared_with_the_apps_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sa.make_url(f"sqlite:///{tmp_path}/app.db")
    build_database(url, "sqlite", upgraded=False)
    (tmp_path / "doctor_models.py").write_text(MODELS)
    monkeypatch.syspath_prepend(str(tmp_path))
    code, found = doctor(
        capsys, "--config", str(project(tmp_path, url)), "--database-url", text(url),
        "--metadata", "doctor_models:Base",
    )  # fmt: skip

    assert code == 1
    assert any("sessions.chat_session_id" in problem for problem in found["problems"])  # type: ignore[attr-defined]
    (finding,) = found["findings"]  # type: ignore[misc]
    assert finding["code"] == "GRD080"  # type: ignore[index]
    assert finding["message"].startswith("sessions.metadata: ")  # type: ignore[index]


def test_json_columns_without_a_serializer_are_told_and_are_no_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sa.make_url(f"sqlite:///{tmp_path}/app.db")
    build_database(url, "sqlite", upgraded=True)
    (tmp_path / "serialized_models.py").write_text(MODELS)
    monkeypatch.syspath_prepend(str(tmp_path))
    arguments = ["--config", str(project(tmp_path, url)), "--database-url", text(url)]
    code = main(["doctor", *arguments, "--metadata", "serialized_models:Base"])
    output = capsys.readouterr().out

    assert code == 0
    assert "note: GRD080 sessions.metadata: " in output
    assert "json_serializer=" in output


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--config", "nowhere.ini"], 2, "nowhere.ini"),
        (["--database-url", "not a url"], 2, "not an SQLAlchemy URL"),
        (["--alembic-url", "not a url"], 2, "--alembic-url is not an SQLAlchemy URL"),
        (["--database-url", "postgres://localhost/app"], 2, "no postgres://; write postgresql://"),
        (["--database-url", "sqlite:///nowhere/at/all.db"], 1, "there is no file"),
        ([], 2, "no alembic.ini was found from here upwards"),
    ],
)
def test_bad_input_is_named_and_nothing_is_created(
    arguments: list[str], code: int, said: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)

    assert main(["doctor", *arguments]) == code
    captured = capsys.readouterr()
    assert said in captured.out + captured.err
    assert list(tmp_path.iterdir()) == []


def test_a_configured_url_of_no_known_database_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ini = project(tmp_path, "postgres://u:s3cret@localhost/app")

    assert main(["doctor", "--config", str(ini), "--database-url", "sqlite://"]) == 1
    captured = capsys.readouterr()
    assert "no synchronous driver for postgres://" in captured.out
    assert "s3cret" not in captured.out + captured.err


def test_password_is_never_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ini = project(tmp_path, "postgresql+psycopg://u:s3cret@127.0.0.1:1/nowhere")
    main(["doctor", "--config", str(ini), "--database-url", "sqlite:///:memory:"])
    captured = capsys.readouterr()

    assert "s3cret" not in captured.out + captured.err


def test_password_of_a_url_that_cannot_be_read_is_never_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for command in ("doctor", "apps", "announce"):
        assert main([command, "--database-url", "postgresql://u:s3cret@host:port/db"]) == 2
        captured = capsys.readouterr()
        assert "--database-url is not an SQLAlchemy URL" in captured.err
        assert "s3cret" not in captured.out + captured.err


def test_what_the_apps_user_may_not_read_is_told_and_not_taken_for_missing(
    new_database: Callable[..., URL], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = new_database("postgresql")
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    role = f"app_{url.database}"
    with admin.connect() as connection:
        connection.exec_driver_sql("create table alembic_version(version_num varchar(32))")
        connection.exec_driver_sql("insert into alembic_version values ('1a')")
        Ledger().ensure(connection)
        connection.exec_driver_sql(f"create role {role} login")
    ini = project(tmp_path, text(url))
    versions = tmp_path / "migrations" / "versions"
    for path in versions.glob("*.py"):
        path.unlink()
    (versions / "1a.py").write_text("revision = '1a'\ndown_revision = None\n")
    app = text(url.set(username=role))
    try:
        code = main(["doctor", "--config", str(ini), "--database-url", app])
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"drop role {role}")
        admin.dispose()
    out = capsys.readouterr().out

    assert code == 0, out
    assert "heads 1a" in out
    assert "ruled out  The migration was never applied" in out
    assert "may not read alembic_version" in out
