"""The review as other tools start it: pre-commit, a GitHub job, Alembic's write hooks."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
RISKY = '''"""index"""
from alembic import op
revision = "{id}"
down_revision = {down!r}


def upgrade():
    op.create_index("ix_orders_a", "orders", ["a"])


def downgrade():
    op.drop_index("ix_orders_a", table_name="orders")
'''
SAFE = '''"""a table"""
import sqlalchemy as sa
from alembic import op
revision = "a1"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Integer()))


def downgrade():
    op.drop_table("orders")
'''


@pytest.fixture(name="repository")
def _repository(tmp_path: Path) -> Path:
    """A git repository whose branch `main` has one safe revision, and `HEAD` a risky one more."""
    folder = tmp_path / "repository"
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "a1.py").write_text(SAFE)
    _git(folder, "init", "--quiet", "--initial-branch", "main")
    _commit(folder, "a table")
    _git(folder, "checkout", "--quiet", "-b", "work")
    (versions / "a2.py").write_text(RISKY.format(id="a2", down="a1"))
    _commit(folder, "an index")
    return folder


def _git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=ann", "-c", "user.email=ann@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True)


def _commit(folder: Path, message: str) -> None:
    _git(folder, "add", ".")
    _git(folder, "commit", "--quiet", "-m", message)


def _environment(**values: str) -> dict[str, str]:
    """This process' environment with the scripts of its interpreter first."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return {**os.environ, "PATH": path, **values}


# --- pre-commit ---------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("pre_commit") is None, reason="no pre-commit")
def test_hooks_run_in_pre_commit(repository: Path, tmp_path: Path) -> None:
    (repository / "models.py").write_text(
        "from sqlalchemy.orm import DeclarativeBase, Mapped\n\n\n"
        "class Base(DeclarativeBase):\n    pass\n\n\n"
        'class Order(Base):\n    __tablename__ = "orders"\n    metadata: Mapped[str]\n'
    )
    _git(repository, "add", ".")
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "--all-files"]

    done = subprocess.run(
        command,
        cwd=repository,
        env=_environment(PRE_COMMIT_HOME=str(tmp_path / "cache")),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1, done.stderr
    assert "migrations/versions/a2.py:8: warning GRD101" in done.stdout
    assert "a1.py:" not in done.stdout
    assert re.search(r"models\.py:10.*GRD001", done.stdout)


# --- GitHub ---------------------------------------------------------------------------------


def _action() -> Any:
    return pytest.importorskip("yaml").safe_load((ROOT / "action.yml").read_text())


def _run_step(
    number: int, repository: Path, inputs: Mapping[str, str], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run one step as the runner does: expressions replaced, the script a file given to bash."""
    action = _action()
    step = action["runs"]["steps"][number]
    assert set(inputs) <= set(action["inputs"])
    values = {name: str(known["default"]) for name, known in action["inputs"].items()}
    values.update(inputs)

    def expression(found: re.Match[str]) -> str:
        return values[found[1]]

    given = {
        name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", expression, text)
        for name, text in step.get("env", {}).items()
    }
    assert "${{" not in step["run"], "an expression in a script is an injection"
    script = repository.parent / f"step{number}.sh"
    script.write_text(step["run"])
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=repository,
        env={**environment, **given},
        capture_output=True,
        text=True,
        check=False,
    )


def _reviewed(repository: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    return _run_step(1, repository, given, _environment())


def test_action_annotates_what_a_branch_adds(repository: Path) -> None:
    done = _reviewed(repository, diff_base="main", dialect="postgresql")

    assert done.returncode == 1
    assert [line.split(",", 1)[0] for line in done.stdout.splitlines()] == [
        "::warning file=migrations/versions/a2.py"
    ]


def test_action_writes_sarif_and_lets_the_job_go_on(repository: Path) -> None:
    done = _reviewed(
        repository,
        format="sarif",
        output="review.sarif",
        fail="false",
        dialect="postgresql",
        paths="migrations/versions/a1.py\nmigrations/versions/a2.py",
    )

    (run,) = json.loads((repository / "review.sarif").read_text())["runs"]
    assert (done.returncode, [result["ruleId"] for result in run["results"]]) == (0, ["GRD101"])


def test_action_is_content_with_a_branch_that_adds_nothing(repository: Path) -> None:
    _git(repository, "checkout", "--quiet", "main")

    done = _reviewed(repository, diff_base="main")

    assert (done.returncode, done.stdout.strip()) == (0, "")


def test_action_fails_whatever_is_said_when_it_cannot_answer(repository: Path) -> None:
    done = _reviewed(repository, diff_base="origin/nowhere", fail="false")

    assert done.returncode == 2
    assert "origin/nowhere" in done.stderr


def test_action_does_not_run_what_stands_in_an_input(repository: Path) -> None:
    done = _reviewed(repository, dialect="$(touch owned)", server_version="`touch owned`")

    assert done.returncode == 2
    assert not (repository / "owned").exists()


@pytest.mark.slow
def test_action_installs_and_reviews(repository: Path, tmp_path: Path) -> None:
    """Both steps, with the distribution built from this tree where the index would be."""
    wheels, home = tmp_path / "wheels", tmp_path / "home"
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir"]
    subprocess.run([*build, str(wheels), str(ROOT)], check=True)
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    path = f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PIP_FIND_LINKS": str(wheels)}
    wheel = next(wheels.glob("*.whl")).name

    installed = _run_step(0, repository, {"version": f"=={wheel.split('-')[1]}"}, environment)
    done = _run_step(1, repository, {"dialect": "postgresql"}, environment)

    assert installed.returncode == 0, installed.stderr
    assert "::warning file=migrations/versions/a2.py,line=8" in done.stdout


# --- Alembic ----------------------------------------------------------------------------------


def _recipe() -> str:
    """The write hook as the documentation gives it."""
    text = (ROOT / "docs" / "review.md").read_text()
    found = re.search(r"```ini\n(\[post_write_hooks\].*?)```", text, re.DOTALL)
    assert found is not None
    return found[1]


def test_write_hook_reviews_a_revision_at_birth(tmp_path: Path) -> None:
    alembic = shutil.which("alembic", path=_environment()["PATH"])
    assert alembic is not None
    subprocess.run([alembic, "init", "migrations"], cwd=tmp_path, check=True, capture_output=True)
    ini = tmp_path / "alembic.ini"
    text = re.sub(r"(?m)^sqlalchemy\.url.*$", "sqlalchemy.url = sqlite:///app.db", ini.read_text())
    ini.write_text(re.sub(r"(?m)^\[post_write_hooks\]\n", f"{_recipe()}\n", text))
    template = tmp_path / "migrations" / "script.py.mako"
    body = 'op.alter_column("orders", "a", nullable=False)'
    template.write_text(template.read_text().replace('${upgrades if upgrades else "pass"}', body))

    done = subprocess.run(
        [alembic, "revision", "-m", "tighten"],
        cwd=tmp_path,
        env=_environment(),
        capture_output=True,
        text=True,
        check=True,
    )

    (path,) = (tmp_path / "migrations" / "versions").glob("*_tighten.py")
    assert re.search(rf"{path.name}:\d+: error GRD311", done.stdout)
