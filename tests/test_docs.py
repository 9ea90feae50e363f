"""README, docs and alembic.ini.example are true: their code blocks run here, page by page.

A page's blocks run in order in one empty folder: ``python`` blocks in one namespace (a first
line ``# file: NAME`` writes the file instead), ``console`` blocks as commands (``$ ...``),
which must exit 0 unless the line ends in ``# exits N``; other languages are only shown.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import types
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXITS = re.compile(r"\s+# exits (\d+)$")


@dataclass(frozen=True)
class Block:
    """One fenced block and the line it starts on."""

    language: str
    text: str
    line: int


def _blocks(page: Path) -> list[Block]:
    text = page.read_text()
    return [
        Block(match[1], match[2], text.count("\n", 0, match.start()) + 2)
        for match in FENCE.finditer(text)
    ]


def _run_console(block: Block, folder: Path) -> None:
    for line in block.text.splitlines():
        if not line.startswith("$ ") or line.startswith("$ make"):
            continue
        exits = EXITS.search(line)
        command = EXITS.sub("", line[2:])
        scripts = str(Path(sys.executable).parent)
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PATH": f"{scripts}:{os.environ['PATH']}"},
            timeout=120,
        )
        expected = int(exits[1]) if exits else 0
        assert done.returncode == expected, f"{command}\n{done.stdout}{done.stderr}"


def _run_python(block: Block, page: Path, folder: Path, names: dict[str, object]) -> None:
    first, _, rest = block.text.partition("\n")
    if first.startswith("# file: "):
        path = folder / first.removeprefix("# file: ").strip()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(rest)
        return
    padding = "\n" * (block.line - 1)
    exec(compile(padding + block.text, str(page), "exec", dont_inherit=True), names)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_code_blocks_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page works as it is written, from an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    module = types.ModuleType("page")  # SQLAlchemy looks annotations up in a class's module
    monkeypatch.setitem(sys.modules, "page", module)
    names = vars(module)
    for block in _blocks(page):
        if block.language == "console":
            _run_console(block, tmp_path)
        elif block.language == "python":
            _run_python(block, page, tmp_path, names)
    for value in names.values():
        if isinstance(value, Engine):
            value.dispose()


def test_the_commands_of_the_readme_are_in_the_makefile() -> None:
    """`make demo` and `make test` are what a newcomer types."""
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^\$ make (\w+)", (ROOT / "README.md").read_text(), re.MULTILINE))

    assert {"demo", "test"} <= targets
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


def test_the_example_ini_is_read_by_alembic_and_by_us() -> None:
    """alembic.ini.example has only keys that exist."""
    from alembic.config import Config

    from alembic_guard.settings import read_settings

    example = ROOT / "alembic.ini.example"

    assert Config(str(example)).get_main_option("sqlalchemy.url") == "sqlite:///app.db"
    assert read_settings(ini_file=example).renames == "ask"


def test_links_between_pages_lead_somewhere() -> None:
    """Relative links of README and docs name files that exist."""
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_page_on_reserved_names_lists_every_rule() -> None:
    """One row a rule, in the rule's own words."""
    from alembic_guard.reserved.names import RULES

    text = (ROOT / "docs" / "reserved-names.md").read_text()

    for rule in RULES.values():
        assert f"| {rule.code} | {rule.name} | {rule.what} |" in text
