"""`alembic-guard names` as a developer runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from alembic_guard.cli import main

MODELS = """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class SessionRecord(Base):
    __tablename__ = "sessions"
    id: Mapped[int] = mapped_column(primary_key=True)
    metadata: Mapped[str]
    order: Mapped[int]
"""


@pytest.fixture(name="models")
def _models(tmp_path: Path) -> Path:
    path = tmp_path / "models.py"
    path.write_text(MODELS)
    return path


def _names(*arguments: object) -> int:
    return main(["names", *map(str, arguments)])


def test_a_finding_has_file_line_and_column(
    models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _names(models) == 1
    text = capsys.readouterr().out

    assert f"{models}:11:5: error GRD001 [reserved-declarative-name]" in text
    assert "1 name(s) merely have to be quoted" in text


def test_notes_are_shown_when_asked_and_are_no_findings(
    models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models.write_text(MODELS.replace("    metadata: Mapped[str]\n", ""))

    assert _names(models, "--notes") == 0
    assert "GRD051" in capsys.readouterr().out


def test_clean_source_is_exit_zero(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "plain.py").write_text("class Doc:\n    metadata = 1\n")

    assert _names(tmp_path) == 0
    assert capsys.readouterr().out == "No reserved names.\n"


def test_json_is_complete(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _names(models, "--format", "json") == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]

    assert finding["code"] == "GRD001"
    assert finding["line"] == 11


def test_sarif_is_sarif(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _names(models, "--format", "sarif") == 1
    document = json.loads(capsys.readouterr().out)
    (result,) = document["runs"][0]["results"]

    assert document["version"] == "2.1.0"
    assert (result["ruleId"], result["level"]) == ("GRD001", "error")


@pytest.mark.parametrize("format", ["github", "gitlab", "markdown", "html", "junit"])
def test_other_formats_name_the_line(
    models: Path, format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _names(models, "--format", format) == 1
    text = capsys.readouterr().out

    assert "GRD001" in text
    assert "11" in text


def test_a_file_that_does_not_parse_is_reported_and_skipped(
    models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (models.parent / "broken.py").write_text("from sqlalchemy import (\n")

    assert _names(models.parent) == 1
    assert "broken.py: does not parse" in capsys.readouterr().err


def test_a_missing_path_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert _names("no/such/path") == 2
    assert "no/such/path does not exist" in capsys.readouterr().err


def test_an_unknown_dialect_is_bad_usage(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _names(models, "--dialect", "dbase") == 2
    assert "postgresql" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [("postgresql", 1), ("postgresql=15", 1), ("mysql", 0), ("sqlite", 0)],
)
def test_the_dialect_decides(tmp_path: Path, dialect: str, expected: int) -> None:
    path = tmp_path / "m.py"
    path.write_text(MODELS.replace("metadata", "user"))

    assert _names(path, "--dialect", dialect) == expected


def test_the_settings_of_the_project_count(models: Path) -> None:
    (models.parent / "pyproject.toml").write_text(
        '[tool.alembic_guard]\nreserved_policy = {"SessionRecord.metadata" = "ignore"}\n'
        'reserved_names = ["id"]\n'
    )

    assert _names(models) == 1
    assert _names(models, "--format", "json") == 1


def test_a_comment_silences_one_line(models: Path) -> None:
    models.write_text(
        MODELS.replace("metadata: Mapped[str]", "metadata: Mapped[str]  # guard: ignore[GRD001] ok")
    )

    assert _names(models) == 0


SILENCED = {
    "on the line": "    metadata: Mapped[str]  # guard: ignore[GRD001] until 2.1",
    "by name, on the line above": (
        "    # guard: ignore[reserved-declarative-name] until 2.1\n    metadata: Mapped[str]"
    ),
    "for the file": "    # guard: ignore-file[GRD001] until 2.1\n\n    metadata: Mapped[str]",
}


@pytest.mark.parametrize("text", SILENCED.values(), ids=SILENCED)
def test_comments_have_the_grammar_of_review(
    models: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    models.write_text(MODELS.replace("    metadata: Mapped[str]", text))

    assert _names(models) == 0
    assert "1 ignored by comments and waivers" in capsys.readouterr().out


JUDGED = {
    "no reason": ("metadata: Mapped[str]  # guard: ignore[GRD001]", "GRD992"),
    "not needed": ("notes: Mapped[str]  # guard: ignore[GRD001] why", "GRD990"),
    "another code": ("metadata: Mapped[str]  # guard: ignore[GRD101] why", "GRD001"),
    "in a string": ('metadata: Mapped["# guard: ignore[GRD001] why"]', "GRD001"),
}


@pytest.mark.parametrize(("text", "code"), JUDGED.values(), ids=JUDGED)
def test_comments_are_judged_as_in_review(
    models: Path, text: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    models.write_text(MODELS.replace("metadata: Mapped[str]", text))

    assert _names(models, "--format", "json") == 1
    assert [item["code"] for item in json.loads(capsys.readouterr().out)["findings"]] == [code]


def test_waivers_of_the_settings_count(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pyproject = models.parent / "pyproject.toml"
    pyproject.write_text(
        '[tool.alembic_guard.review_waivers]\n"GRD001 models.py" = "ours (owner me)"\n'
        '"GRD101 *" = "a rule of review"\n'
    )
    assert _names(models) == 0
    pyproject.write_text('[tool.alembic_guard.review_waivers]\n"GRD002 other.py" = "old"\n')
    assert _names(models) == 1

    assert "covers nothing any more" in capsys.readouterr().out


def test_a_policy_for_a_column_is_not_one_for_everything_of_its_table(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    path.write_text(MODELS.replace("sessions", "user").replace("metadata", "user"))
    (tmp_path / "pyproject.toml").write_text(
        '[tool.alembic_guard]\nreserved_policy = {"other.user" = "ignore"}\n'
    )

    assert _names(path, "--dialect", "postgresql") == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xef\xbb\xbf" + MODELS.encode(), ""),
        (MODELS.replace("\n", "\r\n").encode(), ""),
        (b"# coding: latin-1\n# caf\xe9\n" + MODELS.encode(), ""),
        (b"# caf\xe9\n" + MODELS.encode(), "not UTF-8 text, skipped"),
        (b"# coding: klingon\n# caf\xe9\n", "not text in the encoding it declares, klingon"),
        (MODELS.encode() + b"\0", "does not parse"),
    ],
    ids=["byte order mark", "CRLF", "latin-1", "not UTF-8", "unknown encoding", "null byte"],
)
def test_bytes_as_they_come(
    tmp_path: Path, data: bytes, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "m.py"
    path.write_bytes(data)

    assert _names(path) == (0 if said else 1)
    captured = capsys.readouterr()
    assert said in captured.err
    assert said or f"{path}:{11 + data.count(b'caf') * 2}:5: error GRD001" in captured.out


def test_links_in_circles_end(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (models.parent / "again").symlink_to(models.parent)
    (models.parent / "copy.py").symlink_to(models)
    (models.parent / "loop.py").symlink_to(models.parent / "loop.py")

    assert _names(models.parent, "--format", "json") == 1
    captured = capsys.readouterr()
    assert len(json.loads(captured.out)["findings"]) == 1
    assert "loop.py: cannot be read" in captured.err


def test_bases_and_mixins_are_found_across_files(tmp_path: Path) -> None:
    package = tmp_path / "shop"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "base.py").write_text(
        "from sqlalchemy.orm import DeclarativeBase\n"
        "class Base(DeclarativeBase):\n    def history(self):\n        return [self]\n"
    )
    (package / "models.py").write_text(
        "from sqlalchemy.orm import Mapped\nfrom .base import Base\n"
        "class Order(Base):\n    __tablename__ = 'orders'\n    history: Mapped[str]\n"
    )

    assert _names(tmp_path, "--format", "json") == 1


def test_neither_sqlalchemy_nor_user_code_is_imported(models: Path) -> None:
    program = (
        "import sys\nfrom alembic_guard.cli import main\n"
        f"code = main(['names', {str(models)!r}])\n"
        "assert code == 1\n"
        "for name in ('json', 'github', 'gitlab', 'sarif', 'junit', 'markdown', 'html'):\n"
        f"    assert main(['names', {str(models)!r}, '--format', name]) == 1\n"
        "loaded = {'sqlalchemy', 'alembic', 'libcst', 'sqlglot', 'models'} & set(sys.modules)\n"
        "assert not loaded, loaded\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("kind", ["postgresql"])
def test_the_words_may_come_from_a_server(kind: str, new_database, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]  # fixture
    path = tmp_path / "m.py"
    path.write_text(MODELS.replace("metadata", "user"))

    assert _names(path, "--database-url", new_database(kind)) == 1
