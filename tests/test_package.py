"""The package as it is installed: wheel contents, entry points, versions of Alembic."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
VERSIONS = [
    ("1.18.0", "sqlalchemy==2.0.*"),
    ("1.18.0", "sqlalchemy"),
    ("1.18.4", "sqlalchemy==2.0.*"),
    ("1.19.2", "sqlalchemy==2.0.*"),
    ("1.20.0", "sqlalchemy"),
    ("1.20.1", "sqlalchemy==2.0.*"),
    ("1.20.1", "sqlalchemy"),
]
PLAN_A_RENAME = """
import alembic, alembic_guard, sqlalchemy as sa
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.runtime.plugins import _all_plugins
print(alembic.__version__, sorted(name for name in _all_plugins if "guard" in name))
print(op.rename_column.__name__, alembic_guard.__file__)
with sa.create_engine("sqlite://").connect() as connection:
    connection.exec_driver_sql("CREATE TABLE sessions (id INTEGER NOT NULL PRIMARY KEY, metadata JSON)")
    model = sa.MetaData()
    columns = sa.Column("id", sa.Integer, primary_key=True), sa.Column("session_metadata", sa.JSON)
    sa.Table("sessions", model, *columns)
    plugins = ["alembic.autogenerate.*", "alembic_guard.*"]
    context = MigrationContext.configure(connection, opts={"autogenerate_plugins": plugins})
    for diff in compare_metadata(context, model):
        print(diff)
"""
HEAVY = (
    "rich",
    "libcst",
    "sqlglot",
    "fastapi",
    "flask",
    "asyncio",
    "subprocess",
    "multiprocessing",
)


def _uv(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "uv"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.fixture(scope="module", name="wheel")
def _wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    if not (Path(sys.executable).parent / "uv").exists():
        pytest.skip("uv is not in this environment")
    folder = tmp_path_factory.mktemp("wheel")
    done = _uv("build", "--quiet", "--wheel", "--out-dir", str(folder))
    if done.returncode:
        pytest.skip(f"cannot build: {done.stderr[-300:]}")
    return next(folder.glob("alembic_guardrails-*.whl"))


def test_the_wheel_holds_the_templates_the_types_marker_and_the_demo(wheel: Path) -> None:
    """What an editable install finds beside the package, a wheel has inside it."""
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {
        "alembic_guard/py.typed",
        "alembic_guard/templates/alembic/generic/env.py",
        "alembic_guard/templates/alembic/async/alembic.ini.mako",
        "alembic_guard/demo/project/sessions/app.py",
    } <= names
    assert not any(name.startswith(("tests/", "templates/")) for name in names)


@pytest.mark.slow
@pytest.mark.parametrize(("alembic", "sqlalchemy"), VERSIONS)
def test_importing_alembic_works_with_us_installed(
    tmp_path: Path, wheel: Path, alembic: str, sqlalchemy: str
) -> None:
    """Alembic 1.18.0 to 1.20.0 iterate over what the entry point loads, 1.20.1 wants a module."""
    if sys.version_info < (3, 11) and sqlalchemy == "sqlalchemy":
        sqlalchemy = "sqlalchemy==2.0.*"
    done = _uv(
        *("pip", "install", "--quiet", "--python", sys.executable, "--target", str(tmp_path)),
        *(f"alembic=={alembic}", sqlalchemy, str(wheel)),
    )
    if done.returncode:
        pytest.skip(f"cannot install: {done.stderr[-300:]}")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{PLAN_A_RENAME}"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-S", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert done.returncode == 0, done.stderr
    first, second, *planned = done.stdout.splitlines()
    assert first == f"{alembic} ['alembic_guard.renames', 'alembic_guard.reserved']"
    assert second == f"rename_column {tmp_path}/alembic_guard/__init__.py"
    assert planned == ["('rename_column', None, 'sessions', 'metadata', 'session_metadata')"]


def test_importing_alembic_loads_nothing_heavy_of_ours() -> None:
    """Every `import alembic` in every process of the user pays for our plugin module."""
    code = (
        "import sys, sqlalchemy, importlib.metadata as m\n"
        "real = m.entry_points\n"
        "m.entry_points = lambda **kw: []\n"
        "import alembic\nbefore = set(sys.modules)\n"
        "m.entry_points = real\n"
        "from alembic.runtime.plugins import _setup; _setup()\n"
        "print('\\n'.join(sorted(set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()

    assert [name for name in loaded if name.split(".")[0] in HEAVY] == []
    assert len([name for name in loaded if name.startswith("alembic_guard")]) <= 25


def test_python_minus_m_runs_the_command() -> None:
    """`python -m alembic_guard --version` is the console script."""
    done = subprocess.run(
        [sys.executable, "-m", "alembic_guard", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "alembic-guard 0.1.0\n"
