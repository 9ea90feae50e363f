"""`alembic-guard fix` on real files: a diff, then all files or none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from alembic_guard.cli import main
from alembic_guard.cli.fix import write_all
from alembic_guard.facts import Edit
from alembic_guard.reserved.rewrite import apply_edits
from alembic_guard.usage import UsageError
from tests.fix.project import MODELS


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "models.py").write_text(MODELS)
    (tmp_path / "app" / "use.py").write_text(
        "from app.models import SessionRecord\nx = SessionRecord.metadata\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_diff_is_shown_and_nothing_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _contents(folder)

    assert main(["fix"]) == 1
    text = capsys.readouterr().out
    assert "+x = SessionRecord.session_metadata\n" in text
    assert "sessions.metadata -> session_metadata" in text
    assert "Nothing was written" in text
    assert _contents(folder) == before


def test_it_is_applied_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix", ".", "--yes"]) == 0
    after = _contents(folder)
    assert main(["names", "."]) == 0
    assert main(["fix", ".", "--yes"]) == 0

    assert _contents(folder) == after
    assert capsys.readouterr().out.endswith("Nothing to fix.\n")


def test_an_explicit_name_twice_changes_nothing_more(folder: Path) -> None:
    arguments = ["fix", ".", "--yes", "--name", "SessionRecord.metadata:extra"]
    assert main(arguments) == 0
    after = _contents(folder)

    assert main(arguments) == 0
    assert _contents(folder) == after


def test_keeping_the_column_says_there_is_no_migration(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fix", "--keep-column", "--yes"]) == 0
    assert "no migration" in capsys.readouterr().out
    assert 'mapped_column("metadata", JSON)' in (folder / "app" / "models.py").read_text()


def test_a_file_that_does_not_parse_is_left_and_listed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = folder / "app" / "broken.py"
    broken.write_text("x = SessionRecord.metadata +\n")

    assert main(["fix", "--yes"]) == 0
    captured = capsys.readouterr()
    assert "broken.py: does not parse" in captured.err
    assert "app/broken.py:1:" in captured.out
    assert broken.read_text() == "x = SessionRecord.metadata +\n"


def test_migrations_are_history(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    revision = folder / "0001.py"
    revision.write_text(
        'revision = "1"\ndown_revision = None\nx = "SELECT metadata FROM sessions"\n'
    )
    before = revision.read_bytes()

    assert main(["fix", "--yes"]) == 0
    assert revision.read_bytes() == before
    assert "history is not rewritten" in capsys.readouterr().out


def test_an_unknown_name_is_bad_usage(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix", "--name", "Nobody.metadata"]) == 2
    assert "Nobody.metadata" in capsys.readouterr().err


def test_a_file_changed_meanwhile_stops_everything(tmp_path: Path) -> None:
    first, second = tmp_path / "a.py", tmp_path / "b.py"
    first.write_text("old")
    second.write_text("changed")
    expected = {str(first): "old", str(second): "old"}

    with pytest.raises(UsageError, match="changed meanwhile"):
        write_all({str(first): "new", str(second): "new"}, expected=expected)
    assert first.read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["a.py", "b.py"]


def test_a_read_only_file_stops_everything(tmp_path: Path) -> None:
    first, second = tmp_path / "a.py", tmp_path / "b.py"
    first.write_text("old")
    second.write_text("old")
    second.chmod(0o444)
    texts = {str(first): "old", str(second): "old"}

    with pytest.raises(UsageError, match=r"b\.py is read-only; nothing was written"):
        write_all(dict.fromkeys(texts, "new"), expected=texts)
    assert first.read_text() == second.read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["a.py", "b.py"]


def test_what_was_replaced_is_put_back_when_a_later_file_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "a.py", tmp_path / "b.py"
    first.write_bytes(b"\xef\xbb\xbfold")
    second.write_text("old")
    texts = {str(first): "old", str(second): "old"}
    real = os.replace

    def fail_on_the_second(source: str, target: Path) -> None:
        if target.name == "b.py":
            raise PermissionError(13, "Permission denied", str(target))
        real(source, target)

    monkeypatch.setattr(os, "replace", fail_on_the_second)
    with pytest.raises(UsageError, match="Permission"):
        write_all(dict.fromkeys(texts, "new"), expected=texts)
    assert first.read_bytes() == b"\xef\xbb\xbfold"
    assert second.read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["a.py", "b.py"]


@pytest.mark.parametrize(
    ("head", "codec", "end"),
    [
        ("", "utf-8-sig", "\n"),
        ("", "utf-8", "\r\n"),
        ("# -*- coding: latin-1 -*-\n", "latin-1", "\n"),
        ("# caf\u00e9\n", "utf-8", "\r\n"),
    ],
    ids=["byte order mark", "CRLF", "latin-1", "umlauts and CRLF"],
)
def test_encoding_mark_and_line_ends_survive(folder: Path, head: str, codec: str, end: str) -> None:
    path = folder / "app" / "use.py"
    text = f'{head}from app.models import SessionRecord\nx = "\u00e9", SessionRecord.metadata\n'
    path.write_bytes(text.replace("\n", end).encode(codec))

    assert main(["fix", "--yes"]) == 0
    expected = text.replace("Record.metadata", "Record.session_metadata").replace("\n", end)
    assert path.read_bytes() == expected.encode(codec)


def test_a_link_stays_a_link_and_its_file_is_read_once(folder: Path) -> None:
    shared = folder / "shared"
    shared.mkdir()
    (folder / "app" / "models.py").rename(shared / "models.py")
    (folder / "app" / "models.py").symlink_to(shared / "models.py")
    (folder / "app" / "loop.py").symlink_to(folder / "app" / "loop.py")
    (folder / "around").symlink_to(folder)

    assert main(["fix", "--yes"]) == 0
    assert (folder / "app" / "models.py").is_symlink()
    assert "session_metadata: Mapped" in (shared / "models.py").read_text()


def test_what_cannot_be_read_is_said_and_left(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "app" / "old.py").write_bytes(b"x = SessionRecord.metadata  # caf\xe9\n")
    (folder / "app" / "gone.py").symlink_to(folder / "nowhere.py")
    before = (folder / "app" / "old.py").read_bytes()

    assert main(["fix", "--yes"]) == 0
    said = capsys.readouterr().err
    assert "old.py: not UTF-8 text, left alone" in said
    assert "gone.py: cannot be read: No such file or directory, left alone" in said
    assert (folder / "app" / "old.py").read_bytes() == before


def test_an_expression_nested_too_deeply_is_left(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deep = folder / "app" / "deep.py"
    deep.write_text("from app.models import SessionRecord\nx = " + "(1 + " * 150 + "1" + ")" * 150
                    + "\ny = 1" + " + SessionRecord.metadata" * 3000 + "\n")  # fmt: skip
    before = deep.read_text()

    assert main(["fix", "--yes"]) == 0
    assert "deep.py" in capsys.readouterr().err
    assert deep.read_text() == before


def test_modes_and_line_ends_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "run.py"
    path.write_bytes(b"x\r\n")
    path.chmod(0o755)
    write_all({str(path): "y\r\n"}, expected={str(path): "x\r\n"})

    assert path.read_bytes() == b"y\r\n"
    assert path.stat().st_mode & 0o777 == 0o755


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        apply_edits("abcdef", [Edit("p", 0, 3, "x"), Edit("p", 2, 4, "y")])


def test_review_fixes_are_applied_when_asked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Revisions are rewritten only through --review, one fix at a time."""
    revision = folder / "0001.py"
    revision.write_text(
        'from alembic import op\nrevision = "1"\ndown_revision = None\n'
        'def upgrade():\n    op.create_index("ix_a", "users", ["email"])\n'
        'def downgrade():\n    op.drop_index("ix_a", table_name="users")\n'
    )
    arguments = ["fix", "0001.py", "--review", "--dialect", "postgresql"]

    assert main(arguments) == 1
    assert main([*arguments, "--yes"]) == 0
    assert "postgresql_concurrently=True" in revision.read_text()
    capsys.readouterr()
    assert main([*arguments, "--yes"]) == 0
    assert capsys.readouterr().out == "Nothing to fix.\n"


def test_templates_are_listed_to_be_looked_at(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Jinja says nothing about an attribute that is not there any more."""
    (folder / "page.html").write_text("<p>{{ session.metadata.tags }} and metadata</p>\n")
    (folder / "page.j2").write_text('{{ session["metadata"] }}\n<!-- metadata -->\n')

    assert main(["fix", "--yes"]) == 0
    look, _, left = capsys.readouterr().out.partition("Left, because")
    assert "page.html:1: " in look
    assert "page.j2:1: " in look
    assert "a template or script that may read the attribute" in look
    assert "page.j2:2: " in left
