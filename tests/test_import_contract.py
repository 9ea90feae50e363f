"""Imports point inward, and what must stay light stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "alembic_guard"
CENTRE = ("facts", "usage", "reserved", "renames")
# where reserved names meet Alembic, the mapper and a live server
IMPURE = {
    f"reserved/{name}.py"
    for name in (
        "autogenerate", "compared", "planned", "renaming", "runtime", "mapping", "live",
    )
}  # fmt: skip
OUTSIDE = {"alembic", "sqlalchemy", "subprocess", "socket"}
EDGES = {"cli", "integrations", "demo"}


def _imports(path: Path) -> set[str]:
    """Absolute names of what a module imports when it is loaded, ours without the package name."""
    names = set()
    package = path.relative_to(PACKAGE.parent).with_suffix("").parts[:-1]
    tree = ast.parse(path.read_text())
    checking = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in checking:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            module = [*base, *(node.module.split(".") if node.module else [])]
            names |= {".".join(module)} | {".".join([*module, alias.name]) for alias in node.names}
    return names


def _rooms() -> dict[str, set[str]]:
    return {
        str(path.relative_to(PACKAGE)): _imports(path)
        for path in sorted(PACKAGE.rglob("*.py"))
        if "project" not in path.parts
    }


def test_the_centre_imports_neither_alembic_nor_an_engine() -> None:
    """`facts`, `reserved` and `renames` get facts and return values."""
    wrong = [
        f"{module} imports {name}"
        for module, names in _rooms().items()
        if module.split("/")[0].removesuffix(".py") in CENTRE and module not in IMPURE
        for name in names
        if name.split(".")[0] in OUTSIDE
    ]

    assert wrong == []


def test_rooms_do_not_import_the_edges() -> None:
    """Only an edge may know another edge."""
    wrong = [
        f"{module} imports {name}"
        for module, names in _rooms().items()
        if module.split("/")[0] not in EDGES | {"__main__.py"}
        for name in names
        if name.split(".")[0] == "alembic_guard" and set(name.split(".")[1:2]) & EDGES
    ]

    assert wrong == []


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["names", "--help"]])
def test_the_command_line_starts_without_alembic_and_sqlalchemy(arguments: list[str]) -> None:
    """`alembic-guard --help` imports neither."""
    code = (
        "import sys\nfrom alembic_guard.cli import main\n"
        f"try: main({arguments!r})\nexcept SystemExit: pass\n"
        "print([name for name in ('alembic', 'sqlalchemy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


def test_a_synchronous_application_needs_no_greenlet() -> None:
    """SQLAlchemy 2.1 does not install it unless asked to, and its asyncio module wants it."""
    code = (
        "import sys; sys.modules['greenlet'] = None\n"
        "import alembic_guard.integrations.fastapi, alembic_guard.integrations.flask\n"
        "import alembic_guard.live.metrics, alembic_guard.upgrade\n"
        "from alembic_guard.live import SchemaWatcher\n"
        "print('sqlalchemy.ext.asyncio' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout == "False\n"
