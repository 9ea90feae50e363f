"""Every format is what its readers expect, and what is suppressed is accounted for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from alembic_guard.cli import main
from alembic_guard.review.options import Options
from alembic_guard.review.reporters import FORMATS
from alembic_guard.review.reporters.report import Report, fingerprint
from alembic_guard.review.session import run_review
from alembic_guard.settings import Settings

REVISION = '''"""drop <it> & go"""
import sqlalchemy as sa
from alembic import op
revision = "a1"
down_revision = None


def upgrade():
    op.create_index("ix_orders_a", "orders", ["a"]){comment}


def downgrade():
    op.drop_index("ix_orders_a", table_name="orders")
'''


@pytest.fixture(name="revision")
def _revision(tmp_path: Path) -> Path:
    path = tmp_path / "versions" / "a1.py"
    path.parent.mkdir()
    path.write_text(REVISION.format(comment=""))
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["review", "--no-cache", "--dialect", "postgresql", *arguments])
    return code, capsys.readouterr().out


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_rule_that_does_not_exist_is_refused(
    option: str, revision: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["review", str(revision), option, "index-not-concurent"])

    assert code == 2
    assert "did you mean index-not-concurrent?" in capsys.readouterr().err


def test_file_that_cannot_be_read_is_no_second_head(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a1.py").write_text('revision = "a1"\ndown_revision = None\n')
    (tmp_path / "a2.py").write_text('revision = "a2"\ndef upgrade(:\n')

    _, report = run(capsys, str(tmp_path))

    assert "a2.py:2: error GRD900" in report
    assert "GRD701" not in report


def test_very_many_heads_are_counted_rather_than_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = 'revision = "{}"\ndown_revision = {}\ndef upgrade():\n    pass\n'
    (tmp_path / "base.py").write_text(text.format("base", None))
    for number in range(30):
        (tmp_path / f"r{number:02}.py").write_text(text.format(f"r{number:02}", '"base"'))

    _, report = run(capsys, str(tmp_path))

    assert "has 30 heads: r00 (r00.py)," in report
    assert "and 20 more" in report
    assert "r29 (r29.py)" not in report


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_names_the_rule(
    name: str, revision: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = run(capsys, str(revision), "--format", name)

    assert code == 1
    assert "GRD101" in text


def test_json_follows_its_schema(revision: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import alembic_guard.review.reporters as reporters

    schema = json.loads((Path(reporters.__file__).parent / "review.schema.json").read_text())

    _, text = run(capsys, str(revision), "--format", "json")

    jsonschema.validate(json.loads(text), schema)


def test_sarif_has_rule_line_and_fingerprint(
    revision: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, text = run(capsys, str(revision), "--format", "sarif")

    log = json.loads(text)
    (result,) = log["runs"][0]["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert log["version"] == "2.1.0"
    assert (result["ruleId"], result["level"], region["startLine"]) == ("GRD101", "warning", 9)
    assert log["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "GRD101"
    assert result["partialFingerprints"]


def test_junit_and_gitlab_and_github_parse(
    revision: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = ElementTree.fromstring(run(capsys, str(revision), "--format", "junit")[1].encode())
    (entry,) = json.loads(run(capsys, str(revision), "--format", "gitlab")[1])
    command = run(capsys, str(revision), "--format", "github")[1]

    assert tree.find("./testsuite/testcase/failure") is not None
    assert entry["location"]["lines"] == {"begin": 9}
    assert command.startswith("::warning file=")
    assert "\n" not in command.rstrip("\n")


def test_html_is_one_file_with_escaped_text_and_a_picture(
    revision: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, text = run(capsys, str(revision), "--format", "html")

    assert "drop &lt;it&gt; &amp; go" in text
    assert "<svg" in text
    assert "src=" not in text
    assert "<script" not in text


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="no browser")
def test_html_opens_in_a_browser(
    revision: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "report.html"
    run(capsys, str(revision), "--format", "html", "--output", str(page))
    command = [
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        f"--user-data-dir={tmp_path / 'profile'}",
        "--dump-dom",
        page.as_uri(),
    ]

    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)

    assert "1 warning(s)" in done.stdout


def test_markdown_stays_below_the_limit_of_a_comment() -> None:
    from dataclasses import replace

    from alembic_guard.facts import Finding, Location
    from alembic_guard.review.reporters.markdown import LIMIT, MARKER, render

    one = Finding("GRD101", "index-not-concurrent", "warning", "m" * 500, Location("a.py", 1))
    many = tuple(replace(one, location=Location("a.py", n)) for n in range(1, 500))

    text = render(Report(many, files=1))

    assert text.startswith(MARKER)
    assert len(text) <= LIMIT
    assert "and " in text.splitlines()[-1]


def test_inline_comment_suppresses_with_its_reason(revision: Path) -> None:
    revision.write_text(REVISION.format(comment="  # guard: ignore[GRD101] the table is empty"))

    _, report = run_review(Options((str(revision),), "postgresql"))

    assert report.findings == ()
    assert [(s.kind, s.reason) for s in report.suppressed] == [("inline", "the table is empty")]


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("  # guard: ignore[GRD101]", ["GRD992"]),
        ("  # guard: ignore[GRD102] not this one", ["GRD101", "GRD990"]),
    ],
)
def test_suppression_without_reason_or_use_is_a_finding(
    comment: str, expected: list[str], revision: Path
) -> None:
    revision.write_text(REVISION.format(comment=comment))

    _, report = run_review(Options((str(revision),), "postgresql"))

    assert [finding.code for finding in report.findings] == expected


@pytest.mark.parametrize(
    ("waiver", "expected"),
    [
        ("small table (owner ann, until 2999-01-01)", []),
        ("small table (owner ann, until 2001-01-01)", ["GRD101", "GRD991"]),
    ],
)
def test_waiver_of_settings_ends_on_its_day(
    waiver: str, expected: list[str], revision: Path
) -> None:
    settings = Settings().merged({"review_waivers": {"GRD101 versions/*.py": waiver}}, "test")

    _, report = run_review(Options((str(revision),), "postgresql", settings=settings))

    assert [finding.code for finding in report.findings] == expected


def test_baseline_survives_moved_lines(
    revision: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    baseline = tmp_path / "baseline.json"
    run(capsys, str(revision), "--write-baseline", str(baseline))
    revision.write_text("# a new first line\n" + revision.read_text())

    code, _ = run(capsys, str(revision), "--baseline", str(baseline))

    assert code == 0


def test_fingerprints_differ_by_rule() -> None:
    from alembic_guard.facts import Finding, Location

    where = Location("a.py", 1)
    first = Finding("GRD101", "a", "warning", "m", where)
    second = Finding("GRD102", "b", "warning", "m", where)

    assert fingerprint(first, "x") != fingerprint(second, "x")


def test_cache_gives_the_same_report_until_a_file_changes(
    revision: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["review", "--cache-dir", str(tmp_path / "cache"), str(revision.parent)]
    main(arguments)
    first = capsys.readouterr().out
    main(arguments)
    second = capsys.readouterr().out
    revision.write_text(REVISION.format(comment="  # guard: ignore[GRD101] empty"))
    os.utime(revision, (1, 1))
    main(arguments)
    third = capsys.readouterr().out

    assert first == second
    assert "GRD101" in first
    assert "GRD101" not in third


def test_recorder_sees_what_reading_cannot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a1.py"
    body = 'op.execute(type("X", (), {"sql": "CREATE INDEX ix ON orders (a)"})().sql)'
    path.write_text(
        REVISION.format(comment="").replace('op.create_index("ix_orders_a", "orders", ["a"])', body)
    )

    read, _ = run(capsys, str(path), "--ignore", "V")
    recorded, text = run(capsys, str(path), "--record", "--ignore", "V")

    assert (read, recorded) == (0, 1)
    assert "a1.py:9: warning GRD101" in text


def test_terminal_shows_the_line_and_wraps_sentences_but_not_code(revision: Path) -> None:
    from alembic_guard.review.reporters.text import render_for_terminal

    _, report = run_review(Options((str(revision),), "postgresql"))

    lines = render_for_terminal(report, 60).splitlines()

    assert '  9 | op.create_index("ix_orders_a", "orders", ["a"])' in lines
    assert "  Build it concurrently, in a revision of its own:" in lines
    assert '          op.create_index("ix_orders_a", "orders", ["a"],' in lines
    sentence = next(i for i, line in enumerate(lines) if line.startswith("  Building"))
    assert max(map(len, lines[sentence : sentence + 2])) <= 60


def test_advice_is_taken_apart_into_sentences_and_code() -> None:
    from alembic_guard.review.reporters.advice import parts

    found = parts("One\nsentence:\n    a = 1\n\n      b = 2\nThe next\none.\n\nLast.")

    assert [(part.text, part.is_code) for part in found] == [
        ("One sentence:", False),
        ("a = 1\n\n  b = 2", True),
        ("The next one.", False),
        ("Last.", False),
    ]
