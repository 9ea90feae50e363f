"""Every fix is proven: applied, parsed, reviewed again, and run up, down and up on a live server."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa

from alembic_guard.cli import main
from alembic_guard.facts import Finding, Fix
from alembic_guard.review.engine import Review
from alembic_guard.review.fixes import apply, fixable_codes, fixes_for
from alembic_guard.review.session import review_paths
from tests.review.casebook import Case, cases
from tests.review.playground import _database, _server_engine, run_function, set_up

__all__ = ["_database", "_server_engine"]


@dataclass(frozen=True)
class Fixed:
    """One case with one fix applied."""

    case: Case
    finding: Finding
    fix: Fix
    text: str

    @property
    def id(self) -> str:
        return f"{self.finding.code}-{self.case.path.stem}-{self.finding.location.line}"


def _review(path: Path, case: Case) -> Review:
    return review_paths((str(path),), case.dialect, case.header("server-version", ""))


@cache
def fixed_cases() -> list[Fixed]:
    found = []
    for case in cases("postgresql/bad", "sqlite/bad", "mysql/bad"):
        if case.path.is_file():
            text = case.path.read_text()
            for finding, fix in fixes_for(_review(case.path, case)):
                found.append(Fixed(case, finding, fix, apply(text, fix.edits)))
    return found


FIXED = fixed_cases()
PLAYABLE = [
    fixed
    for fixed in FIXED
    if fixed.case.dialect == "postgresql"
    and fixed.finding.code != "GRD117"  # its view has no unique index: that fix is not safe
    and (fixed.finding.code, fixed.case.path.stem) != ("GRD107", "f09_unnamed_constraint")
    # its downgrade fails for a reason of its own
]


def test_at_least_twenty_rules_can_be_fixed() -> None:
    assert len({fixed.finding.code for fixed in FIXED}) >= 20
    assert {fixed.finding.code for fixed in FIXED} <= set(fixable_codes())


@pytest.mark.parametrize("fixed", FIXED, ids=lambda fixed: fixed.id)
def test_fixed_file_is_silent_about_it(fixed: Fixed, tmp_path: Path) -> None:
    ast.parse(fixed.text)
    path = tmp_path / fixed.case.path.name
    path.write_text(fixed.text)
    before = [finding.code for finding in _review(fixed.case.path, fixed.case).findings]
    after = [finding.code for finding in _review(path, fixed.case).findings]

    assert after.count(fixed.finding.code) < before.count(fixed.finding.code)
    assert all(after.count(code) <= before.count(code) for code in after)


@pytest.mark.postgresql
@pytest.mark.parametrize("fixed", PLAYABLE, ids=lambda fixed: fixed.id)
def test_fixed_file_runs_up_down_up(fixed: Fixed, database: sa.Engine, tmp_path: Path) -> None:
    set_up(fixed.case, database)
    path = tmp_path / fixed.case.path.name
    path.write_text(fixed.text)
    run_function(database, path, "upgrade")
    if "NotImplementedError" not in fixed.text:
        run_function(database, path, "downgrade")
        run_function(database, path, "upgrade")


def test_a_fix_that_brings_another_finding_is_not_offered(tmp_path: Path) -> None:
    case = cases("postgresql/bad")
    behind_ddl = next(one for one in case if one.path.stem == "l04_index_under_exclusive_lock")
    offered = [finding.code for finding, _ in fixes_for(_review(behind_ddl.path, behind_ddl))]

    assert "GRD101" not in offered


def test_command_applies_the_safe_fixes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = next(c for c in cases("postgresql/bad") if c.path.stem == "l03_reindex")
    path = tmp_path / case.path.name
    path.write_text(case.path.read_text())

    assert main(["fix", "--migrations", str(path), "--dialect", "postgresql"]) == 1
    assert path.read_text() == case.path.read_text()
    assert main(["fix", "--migrations", str(path), "--dialect", "postgresql", "--yes"]) == 0
    assert "REINDEX TABLE CONCURRENTLY orders" in path.read_text()
    assert _review(path, case).findings == ()
    assert "2 file(s)" not in capsys.readouterr().out
