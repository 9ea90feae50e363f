"""The pages about rules are those the rules would write now."""

from __future__ import annotations

from pathlib import Path

import pytest

from alembic_guard.cli import main
from alembic_guard.review.documentation import page, write_pages
from alembic_guard.review.rules import all_rules

DOCS = Path(__file__).parents[2] / "docs" / "rules"


def test_pages_are_fresh(tmp_path: Path) -> None:
    write_pages(tmp_path)

    stale = [
        path.name
        for path in sorted(tmp_path.iterdir())
        if not (DOCS / path.name).is_file() or (DOCS / path.name).read_text() != path.read_text()
    ]
    assert stale == [], "run: alembic-guard rules --write-docs docs/rules"


def test_no_page_without_a_rule() -> None:
    names = {f"{rule.name}.md" for rule in all_rules()} | {"index.md"}

    assert {path.name for path in DOCS.glob("*.md")} - names == set()


def test_explain_takes_code_name_and_hazard(capsys: pytest.CaptureFixture[str]) -> None:
    texts = []
    for text in ("GRD101", "index-not-concurrent", "L01"):
        main(["rules", "--explain", text])
        texts.append(capsys.readouterr().out)

    assert len(set(texts)) == 1
    assert texts[0] == page(next(rule for rule in all_rules() if rule.code == "GRD101"))


def test_unknown_rule_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["rules", "--explain", "index-not-concurent"])

    assert code == 2
    assert "index-not-concurrent" in capsys.readouterr().err
