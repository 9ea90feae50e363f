"""`alembic-guard init` and the templates for `alembic init -t`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from alembic_guard.adoption import guarded_env, guarded_ini, plan_adoption, write_changes
from alembic_guard.cli import main
from alembic_guard.template_files import alembic_template
from alembic_guard.usage import UsageError

STANDARD = ("generic", "async", "pyproject")


def _alembic(folder: Path, *commands: list[str]) -> subprocess.CompletedProcess[str]:
    """Run Alembic commands one after the other in one process of their own."""
    code = f"from alembic.config import main\nfor argv in {list(commands)!r}: main(argv=argv)"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )


def _standard_project(folder: Path, template: str) -> Path:
    done = _alembic(folder, ["init", "-t", template, "migrations"])
    assert done.returncode == 0, done.stderr
    return folder / ("pyproject.toml" if template.startswith("pyproject") else "alembic.ini")


@pytest.mark.parametrize("template", STANDARD)
def test_a_standard_environment_is_guarded_and_a_second_run_changes_nothing(
    tmp_path: Path, template: str
) -> None:
    """The few lines are applied once."""
    config = _standard_project(tmp_path, template)

    assert main(["init", "--config", str(config)]) == 0
    env = (tmp_path / "migrations" / "env.py").read_text()
    assert env.count("guard.run_migrations(") == 2
    assert "context.configure" not in env
    assert plan_adoption(config) == []


@pytest.mark.parametrize("template", ["generic", "pyproject", "pyproject_async"])
def test_the_configuration_is_found(
    tmp_path: Path, template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pyproject templates write an alembic.ini, too, which says nothing about scripts."""
    config = _standard_project(tmp_path, template)
    monkeypatch.chdir(tmp_path)

    assert main(["init"]) == 0
    assert "alembic_guard]" in config.read_text()
    assert main(["init"]) == 0
    assert plan_adoption(config) == []


@pytest.mark.parametrize("options", [[], ["--multidb"]], ids=["one database", "several"])
def test_a_flask_migrate_environment(tmp_path: Path, options: list[str]) -> None:
    """Its alembic.ini stands beside env.py; the one for several databases is refused whole."""
    app = "import flask, flask_migrate, flask_sqlalchemy\napp = flask.Flask('app')\n"
    app += "app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///:memory:'\n"
    app += "db = flask_sqlalchemy.SQLAlchemy(app)\nflask_migrate.Migrate(app, db)\n"
    (tmp_path / "app.py").write_text(app)
    command = [sys.executable, "-m", "flask", "db", "init", *options]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    config = tmp_path / "migrations" / "alembic.ini"

    assert main(["init", "--config", str(config)]) == (2 if options else 0)
    env = (tmp_path / "migrations" / "env.py").read_text()
    assert env.count("guard.run_migrations(") == (0 if options else 2)
    assert ("**conf_args" in env) or options


def test_a_configuration_that_does_not_parse_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the line, and without a traceback."""
    config = tmp_path / "pyproject.toml"
    config.write_text("[tool.alembic\n")

    assert main(["init", "--config", str(config)]) == 2
    assert "pyproject.toml cannot be read" in capsys.readouterr().err


def test_dry_run_shows_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--dry-run` exits 1 while something is to be done."""
    config = _standard_project(tmp_path, "generic")
    before = (tmp_path / "migrations" / "env.py").read_text()

    assert main(["init", "--config", str(config), "--dry-run"]) == 1
    assert "+from alembic_guard import Guard" in capsys.readouterr().out
    assert (tmp_path / "migrations" / "env.py").read_text() == before


def test_an_unusual_environment_is_refused_whole(tmp_path: Path) -> None:
    """Half a change is worse than none: the multidb template's online part has another shape."""
    config = _standard_project(tmp_path, "multidb")
    before = config.read_text()

    assert main(["init", "--config", str(config)]) == 2
    assert config.read_text() == before


def test_keyword_arguments_of_configure_are_kept() -> None:
    """What the user configured goes on being configured."""
    source = (
        "from alembic import context\n"
        "with engine.connect() as c:\n"
        "    context.configure(connection=c, compare_type=my_compare, **extra)\n"
        "    with context.begin_transaction():\n"
        "        context.run_migrations(tenant=1)\n"
    )

    edited = guarded_env(source)

    assert "compare_type=my_compare,\n" in edited
    assert "**extra,\n" in edited
    assert 'migration_args={"tenant": 1},\n' in edited
    compile(edited, "env.py", "exec")


def test_the_guard_is_imported_before_it_is_made() -> None:
    """Models are often imported only after the path is set; comments stay where they are."""
    source = """\
from alembic import context

config = context.config
sys.path.append(".")
from models import Base

with engine.connect() as connection:
    context.configure(
        connection=connection,
        include_object=ours,  # not PostGIS
    )
    with context.begin_transaction():
        context.run_migrations()
"""

    assert (
        guarded_env(source)
        == """\
from alembic import context
from alembic_guard import Guard

config = context.config
guard = Guard.from_config(config)
sys.path.append(".")
from models import Base

with engine.connect() as connection:
    guard.run_migrations(
        context,
        connection=connection,
        include_object=ours,  # not PostGIS
    )
"""
    )


def test_the_guard_is_made_where_no_config_is() -> None:
    """Some use context.config in place; the import still comes first."""
    body = "with context.begin_transaction():\n    context.run_migrations()\n"
    source = f"from alembic import context\n\ncontext.configure(url=context.config)\n{body}"

    assert (
        guarded_env(source)
        == """\
from alembic import context
from alembic_guard import Guard

guard = Guard.from_config(context.config)

guard.run_migrations(
    context,
    url=context.config,
)
"""
    )


def test_a_missing_configuration_names_the_way_out(tmp_path: Path) -> None:
    """The error says how to start an environment."""
    with pytest.raises(UsageError, match="template-path generic"):
        plan_adoption(tmp_path / "alembic.ini")


def test_a_file_that_cannot_be_written_leaves_the_others_alone(tmp_path: Path) -> None:
    """All temporary files are made before the first replacement."""
    config = _standard_project(tmp_path, "generic")
    changes = plan_adoption(config)
    (tmp_path / "migrations" / "env.py").rename(tmp_path / "gone.py")

    with pytest.raises(UsageError, match="cannot write"):
        write_changes(changes)
    assert "alembic_guard" not in config.read_text()


def test_logging_without_sections_stays_without() -> None:
    """An ini file that configures no logging gets no logger of ours."""
    assert guarded_ini("[alembic]\nscript_location = x\n").count("[") == 2


@pytest.mark.parametrize("template", ["generic", "async", "multidb", "pyproject"])
def test_every_template_gives_an_environment_that_alembic_runs(
    tmp_path: Path, template: str
) -> None:
    """`alembic init -t PATH` with an absolute path, then a first upgrade on SQLite."""
    path = str(alembic_template(template))
    assert _alembic(tmp_path, ["init", "-t", path, "migrations"]).returncode == 0
    driver = "sqlite+aiosqlite" if template == "async" else "sqlite"
    ini = tmp_path / "alembic.ini"
    text = ini.read_text().replace("driver://user:pass@localhost/dbname2", f"{driver}:///b.db")
    ini.write_text(text.replace("driver://user:pass@localhost/dbname", f"{driver}:///a.db"))

    done = _alembic(tmp_path, ["revision", "-m", "first"], ["upgrade", "head"], ["current"])

    assert done.returncode == 0, done.stderr
    assert "(head)" in done.stdout


def test_an_unknown_template_names_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    """`template-path` lists what there is."""
    assert main(["template-path", "nosql"]) == 2
    assert "async, generic, multidb, pyproject" in capsys.readouterr().err
