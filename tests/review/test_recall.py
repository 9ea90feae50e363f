"""What the reviewer says about the oracle: every hazard, on its line, and nothing else."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from alembic_guard.cli import main
from alembic_guard.review.rules import all_rules
from tests.review.casebook import Case, cases

ALL = cases(
    "postgresql/bad",
    "postgresql/good",
    "mysql/bad",
    "mysql/good",
    "sqlite/bad",
    "sqlite/good",
    "graph",
)


@cache
def _hazards() -> dict[str, str]:
    return {rule.code: rule.hazard for rule in all_rules()}


def _reviewed(case: Case, capsys: pytest.CaptureFixture[str]) -> set[tuple[str, int, str]]:
    """File, line and hazard of each finding in the SARIF report of the command."""
    arguments = ["review", str(case.path), "--dialect", case.dialect, "--format", "sarif"]
    version = case.header("server-version", "")
    main([*arguments, *(["--server-version", version] if version else [])])
    run = json.loads(capsys.readouterr().out)["runs"][0]
    found = set()
    for result in run["results"]:
        if result["level"] != "note":
            place = result["locations"][0]["physicalLocation"]
            name = Path(place["artifactLocation"]["uri"]).name
            hazard = _hazards().get(result["ruleId"], result["ruleId"])
            found.add((name, place["region"]["startLine"], hazard))
    return found


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_review_finds_exactly_what_the_case_says(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    found = _reviewed(case, capsys)
    marks = [(mark.path.name, mark.line, mark) for mark in case.marks]
    explained = {(name, line, hazard) for name, line, mark in marks for hazard in mark.hazards}
    missed = [
        (name, line, sorted(mark.hazards))
        for name, line, mark in marks
        if mark.required and not any((name, line, hazard) in found for hazard in mark.hazards)
    ]

    assert missed == []
    assert found - explained == set()


def test_oracle_is_large_enough() -> None:
    hazards = {
        hazard for case in ALL for mark in case.marks if mark.required for hazard in mark.hazards
    }
    correct = [case for case in ALL if "/good/" in case.id]

    assert len(hazards) >= 80
    assert len(correct) >= 34


CHAINED = [
    Case(path) for case in cases("postgresql/good") if case.path.is_dir() for path in case.files
]


@pytest.mark.parametrize("case", CHAINED, ids=lambda case: case.id)
def test_one_file_of_a_correct_chain_is_silent_alone(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its ancestors in the same folder are read for what they leave, and not reviewed."""
    assert _reviewed(case, capsys) == set()


SNIPPET = """\
import sqlalchemy as sa
from alembic import op

revision = "{id}"
down_revision = {down}


def upgrade():
    op.create_table("t{number}", sa.Column("id", sa.BigInteger, primary_key=True))


def downgrade():
    op.drop_table("t{number}")
"""


@pytest.mark.parametrize(
    ("identifier", "down"),
    [("a{}", "None"), ("a{}", '"elsewhere{}"'), ("same", "None"), ("same", '"elsewhere"')],
    ids=["bases", "parents elsewhere", "one id", "one id, parent elsewhere"],
)
def test_a_folder_of_unrelated_revisions_is_not_judged_as_a_history(
    identifier: str, down: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(4):
        text = SNIPPET.format(id=identifier, down=down, number=number).replace("{}", str(number))
        (tmp_path / f"{number}.py").write_text(text)

    code = main(["review", str(tmp_path), "--dialect", "postgresql"])

    assert code == 0, capsys.readouterr().out
