"""Every machine-readable report follows the schema its readers publish."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import alembic_guard.review.reporters as reporters
from alembic_guard.cli import main
from tests.review.casebook import CASES

SCHEMAS = Path(__file__).parent / "schemas"
ODD = '''"""Odd \x07 characters <&> ]]> and 表."""
import sqlalchemy as sa
from alembic import op
revision = "odd"
down_revision = None
SQL = """
-- two tables
DROP TABLE "a<&>b ]]> 表"
"""


def upgrade():
    op.execute(SQL)
    op.execute(sa.text(open("x").read()))
    op.drop_column("orders", "note")  # guard: ignore[GRD403] nobody reads "it" <&>
    op.create_index("ix", "orders", ["a"])


def downgrade():
    raise NotImplementedError("data is gone")
'''

Reviewed = Callable[..., str]


@pytest.fixture(name="reviewed")
def _reviewed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Reviewed:
    """The report of every hazard of a dialect, and of a file with odd characters, in a format."""

    def reviewed(dialect: str, name: str, path: str = "versions") -> str:
        folder = tmp_path / "a project, 100 %" / "versions"
        shutil.copytree(CASES / dialect / "bad", folder)
        (folder / "odd file.py").write_text(ODD, encoding="utf-8")
        monkeypatch.chdir(folder.parent)
        target = str(folder) if path == "absolute" else path
        main(["review", "--no-cache", "--dialect", dialect, "--format", name, target])
        return capsys.readouterr().out

    return reviewed


def _schema(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", ["versions", "./versions", ".", "absolute"])
def test_sarif_follows_the_schema_of_oasis(path: str, reviewed: Reviewed) -> None:
    log = json.loads(reviewed("postgresql", "sarif", path))

    jsonschema.validate(log, _schema(SCHEMAS / "sarif-2.1.0-rtm.5.json"))
    (run,) = log["runs"]
    assert len(run["results"]) > 100
    assert any("suppressions" in result for result in run["results"])
    assert any("relatedLocations" in result for result in run["results"])
    assert run["invocations"][0]["toolExecutionNotifications"]


@pytest.mark.parametrize("dialect", ["mysql", "sqlite"])
def test_sarif_of_other_databases_follows_the_schema(dialect: str, reviewed: Reviewed) -> None:
    log = json.loads(reviewed(dialect, "sarif"))

    jsonschema.validate(log, _schema(SCHEMAS / "sarif-2.1.0-rtm.5.json"))


def test_sarif_names_files_below_the_working_directory_relatively(reviewed: Reviewed) -> None:
    log = json.loads(reviewed("postgresql", "sarif", "absolute"))

    uris = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in log["runs"][0]["results"]
    }
    assert "versions/odd%20file.py" in uris
    assert all(uri.startswith("versions/") for uri in uris)


@pytest.mark.parametrize("path", ["versions", "./versions", ".", "absolute"])
def test_gitlab_follows_the_format_it_documents(path: str, reviewed: Reviewed) -> None:
    entries = json.loads(reviewed("postgresql", "gitlab", path))

    jsonschema.validate(entries, _schema(SCHEMAS / "gitlab-code-quality.json"))
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)


def test_json_follows_our_own_schema(reviewed: Reviewed) -> None:
    report = json.loads(reviewed("postgresql", "json"))

    jsonschema.validate(report, _schema(Path(reporters.__file__).parent / "review.schema.json"))
    assert report["suppressed"]
    assert report["coverage"]["opaque"]


def test_junit_follows_the_schema_of_jenkins(reviewed: Reviewed) -> None:
    xmlschema = pytest.importorskip("xmlschema")
    text = reviewed("postgresql", "junit")

    xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd")).validate(text)


@pytest.mark.parametrize("path", ["versions", "absolute"])
def test_github_annotations_name_the_file_of_the_repository(path: str, reviewed: Reviewed) -> None:
    lines = reviewed("postgresql", "github", path).splitlines()

    assert all(
        line.startswith(("::error file=versions/", "::warning file=versions/")) for line in lines
    )
    assert any("file=versions/odd file.py,line=8," in line for line in lines)
