"""Running revisions without a database: which ones, and what a bad one may not do."""

from __future__ import annotations

import os
from pathlib import Path
from textwrap import indent

import pytest
import sqlalchemy as sa
from alembic.ddl.base import AddColumn
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import CreateIndex, CreateTable, DropConstraint

from alembic_guard.cli import main
from alembic_guard.review.recorder.processes import RecorderProcess, record
from alembic_guard.review.recorder.renderable import is_renderable
from alembic_guard.review.sources.reader import read_revisions

HEAD = '''"""{name}"""
import os
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import context, op
from shop.migrating import add_audit

revision = "{name}"
down_revision = {down!r}


class Helper:
    def run(self):
        op.drop_table("orders")


'''


def write(folder: Path, name: str, body: str, down: str | None = None) -> str:
    path = folder / f"{name}.py"
    upgrade = f"def upgrade():\n{indent(body, '    ')}\n\n\ndef downgrade():\n    pass\n"
    path.write_text(HEAD.format(name=name, down=down) + upgrade)
    return str(path)


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("orders", sa.Column("note", sa.String(9), server_default=sa.func.now()))',
        'op.execute("UPDATE orders SET a = 1 WHERE id = 3")',
        'op.execute(sa.text("DROP TABLE orders"))',
        'for name in ("a", "b"):\n    op.drop_column("orders", name)',
        'with op.batch_alter_table("orders") as batch:\n    batch.drop_column("a")',
        'with op.get_context().autocommit_block():\n    op.execute("VACUUM orders")',
        'table = sa.table("orders", sa.column("a"))\nop.execute(table.update().values(a=1))',
        'print("ready")',
    ],
)
def test_nothing_is_open_about_what_reading_follows(tmp_path: Path, body: str) -> None:
    write(tmp_path, "a1", body)

    (revision,) = read_revisions([str(tmp_path)], "postgresql")

    assert revision.unsure == 0


@pytest.mark.parametrize(
    "body",
    [
        "add_audit()",
        "Helper().run()",
        'sa.Table("orders", sa.MetaData()).create(op.get_bind())',
        'if sa.inspect(op.get_bind()).has_table("orders"):\n    op.drop_table("orders")',
        'for name in os.environ["COLUMNS"].split():\n    op.drop_column("orders", name)',
        'op.execute(f"DROP TABLE {os.getcwd()}")',
        'op.execute(open("up.sql").read())',
        'try:\n    op.drop_table("orders")\nexcept Exception:\n    pass',
        "getattr(op, os.name)()",
        "exec(\"op.drop_table('orders')\")",
        "op.drop_table(*os.environ)",
        "undefined()",
        'while True:\n    op.drop_table("orders")',
        'if context.is_offline_mode():\n    op.drop_table("orders")',
    ],
)
def test_a_question_is_open_where_only_running_tells(tmp_path: Path, body: str) -> None:
    write(tmp_path, "a1", body)

    (revision,) = read_revisions([str(tmp_path)], "postgresql")

    assert revision.unsure > 0


def test_a_revision_that_ends_its_process_hides_no_other(tmp_path: Path) -> None:
    paths = [
        write(tmp_path, "a1", 'op.drop_table("a")'),
        write(tmp_path, "a2", 'op.drop_table("b")\nos._exit(7)'),
        write(tmp_path, "a3", 'op.drop_table("c")'),
    ]
    for path in paths:
        Path(path).write_text(Path(path).read_text().replace("from shop.migrating", "# "))

    found = {(r.path, r.direction): r for r in record(paths, "postgresql")}

    assert found[paths[0], "upgrade"].seen[0][1] == "DROP TABLE a"
    assert found[paths[1], "upgrade"].error == "it ended the process with code 7"
    assert found[paths[2], "upgrade"].seen[0][1] == "DROP TABLE c"


def test_a_revision_that_hangs_is_left(tmp_path: Path) -> None:
    paths = [
        write(tmp_path, "a1", 'op.drop_table("a")'),
        write(tmp_path, "a2", "import threading\nthreading.Event().wait()"),
        write(tmp_path, "a3", 'op.drop_table("c")'),
    ]
    for path in paths:
        Path(path).write_text(Path(path).read_text().replace("from shop.migrating", "# "))

    found = {(r.path, r.direction): r for r in record(paths, "postgresql", timeout=8)}

    assert found[paths[0], "upgrade"].seen[0][1] == "DROP TABLE a"
    assert found[paths[1], "upgrade"].error == "it did not come to an end in time"
    assert found[paths[2], "upgrade"].error == "it did not come to an end in time"


def test_a_line_that_is_known_is_run_but_not_told(tmp_path: Path) -> None:
    body = 'op.drop_table("a")\nop.create_index("ix", "b", ["a"])\nop.drop_constraint(None, "c")'
    path = write(tmp_path, "a1", body)
    Path(path).write_text(Path(path).read_text().replace("from shop.migrating", "# "))
    line = Path(path).read_text().splitlines().index('    op.drop_table("a")') + 1
    known = {path: {"upgrade": [line, line + 1, line + 2]}}

    (told,) = record([path], "postgresql", known={path: {"upgrade": [line]}})
    (failed,) = record([path], "postgresql", known=known)

    assert [number for number, _ in told.seen] == [line + 1]
    assert failed.seen == ()
    assert told.error is not None
    assert failed.error == told.error
    assert "has no name" in told.error
    assert "0x" not in told.error


def test_the_lines_are_the_same_for_a_path_that_is_not_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "a1", 'op.drop_table("a")')
    Path(path).write_text(Path(path).read_text().replace("from shop.migrating", "# "))
    monkeypatch.chdir(tmp_path)

    found = record(["a1.py"], "postgresql")

    assert found[0].seen == record([path], "postgresql")[0].seen
    assert found[0].seen[0][0] > 1


def test_a_revision_that_was_read_in_full_gives_the_same_report_when_it_is_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "a1", 'op.drop_table("a")\nop.execute("DELETE FROM b")')
    Path(path).write_text(Path(path).read_text().replace("from shop.migrating", "# "))
    monkeypatch.chdir(tmp_path)
    main(["review", "--dialect", "postgresql", "--no-cache", "--format", "json", "a1.py"])
    read = capsys.readouterr().out

    main(["review", "--dialect", "postgresql", "--no-cache", "--format", "json",
          "--record-all", "a1.py"])  # fmt: skip

    assert capsys.readouterr().out == read


def test_a_process_that_cannot_import_alembic_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "a1", 'op.drop_table("a")')
    (tmp_path / "alembic.py").write_text("raise RuntimeError('broken')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    (found,) = record([path], "postgresql")

    assert found.error == "it ended the process with code 1: RuntimeError: broken"


def test_no_process_is_left_when_the_review_fails(tmp_path: Path) -> None:
    process = RecorderProcess()

    with pytest.raises(ZeroDivisionError), process:
        raise ZeroDivisionError

    assert process.ended


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_process_that_a_revision_leaves_behind_is_not_waited_for(tmp_path: Path) -> None:
    path = write(tmp_path, "a1", """\
op.drop_table("a")
if not os.fork():
    import select
    select.select([], [], [], 20)
    os._exit(0)""")  # fmt: skip
    Path(path).write_text(Path(path).read_text().replace("from shop.migrating", "# "))

    found = record([path], "postgresql", timeout=15)

    assert [(r.direction, r.error) for r in found] == [("upgrade", None)]


def test_running_leaves_no_trace_in_the_folder(tmp_path: Path) -> None:
    path = write(tmp_path, "a1", 'op.drop_table("a")')

    record([path], "postgresql")

    assert [entry.name for entry in tmp_path.iterdir()] == ["a1.py"]


def test_what_stood_before_is_not_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "a1", 'op.create_index("ix", "orders", ["a"])')
    last = write(tmp_path, "a2", "add_audit()", down="a1")

    main(["review", "--dialect", "postgresql", "--no-cache", "--record", last])

    assert "GRD101" not in capsys.readouterr().out


def test_all_may_be_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, "a1", 'op.drop_table("a")')

    main(["review", "--dialect", "postgresql", "--no-cache", "--record", path])
    asked = capsys.readouterr().out
    main(["review", "--dialect", "postgresql", "--no-cache", "--record-all", path])

    assert "shop" not in asked
    assert "recorder" in capsys.readouterr().out


TABLE = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("x"))


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (AddColumn("t", sa.Column("a", sa.String(9), server_default="x")), True),
        (AddColumn("t", sa.Column("a", sa.DateTime, server_default=sa.func.now())), True),
        (AddColumn("t", sa.Column("a")), False),
        (AddColumn("t", sa.Column("a", JSONB)), False),
        (AddColumn("t", sa.Column("a", sa.Integer, sa.ForeignKey("b.id"))), False),
        (AddColumn("t", sa.Column("a", sa.Integer, sa.Computed("b + 1"))), False),
        (CreateTable(TABLE), False),
        (CreateIndex(sa.Index("ix", TABLE.c.id)), True),
        (CreateIndex(sa.Index("ix2", sa.func.lower(TABLE.c.x))), False),
        (DropConstraint(sa.UniqueConstraint("a")), False),
        (sa.text("SELECT :a"), True),
    ],
)
def test_only_what_surely_renders_is_not_rendered(statement: object, expected: bool) -> None:
    assert is_renderable(statement) is expected
