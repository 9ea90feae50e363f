"""Running revisions without a database: which ones, and what a bad one may not do."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from alembic_guard.cli import main
from alembic_guard.review.recorder.processes import record
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
