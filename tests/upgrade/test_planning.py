"""What a revision will do is read off its source, without running it."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from alembic_guard.settings import ModeSetting
from alembic_guard.upgrade.modes import Both, choose_mode
from alembic_guard.upgrade.planning import Plan, plan_function

HARMLESS = [
    'op.create_table("t", sa.Column("id", sa.Integer))',
    'op.add_column("t", sa.Column("a", sa.String()))',
    'op.create_index("ix", "t", ["a"])',
    'op.alter_column("t", "a", nullable=True, server_default="x")',
    "op.execute(\"UPDATE t SET a = 'x'\")",
    'op.execute(sa.update(sa.table("t")).values(a=1))',
    'op.get_bind().execute(sa.text("SELECT 1"))',
    'op.rename_index("t", "ix", "iy")',
    'with op.batch_alter_table("t") as batch:\n    batch.add_column(sa.Column("a", sa.String()))',
    'logging.getLogger("x").info("hello")',
]
BREAKING = {
    'op.rename_column("t", "a", "b")': "renames t.a to b",
    'op.alter_column("t", "a", new_column_name="b")': "renames t.a to b",
    'op.alter_column("t", "a", type_=sa.Text())': "changes the type of t.a",
    'op.drop_column("t", "a")': "drop column t.a",
    'op.drop_table("t")': "drop table t",
    'op.rename_table("t", "u")': "rename table t to u",
    'op.execute("ALTER TABLE t RENAME COLUMN a TO b")': "rename column t.a to b",
    'op.execute(sa.text("ALTER TABLE t DROP COLUMN a"))': "drop column t.a",
    "op.execute(SQL)": "drop table old_stuff",
    'with op.batch_alter_table("t") as batch:\n    batch.drop_column("a")': "drop column t.a",
    "helper()": "drop table from_helper",
}
UNKNOWN = {
    'op.execute(f"DROP TABLE {name}")': "executes SQL that is made at run time",
    'op.execute("DO $$ BEGIN END $$")': "executes a block of code",
    'op.create_entity("t")': "calls op.create_entity",
    "backfill()": "calls backfill",
}


def plan(tmp_path: Path, body: str) -> Plan:
    path = tmp_path / "r1.py"
    path.write_text(
        "import logging\nfrom alembic import op\nimport sqlalchemy as sa\n"
        "from myapp.data import backfill\n\nSQL = 'DROP TABLE old_stuff'\n\n"
        "def helper():\n    op.drop_table('from_helper')\n\n"
        f"def upgrade():\n{textwrap.indent(body, '    ')}\n\n"
        "def downgrade():\n    pass\n"
    )
    return plan_function(path, "upgrade")


@pytest.mark.parametrize("body", HARMLESS)
def test_running_code_survives_it(tmp_path: Path, body: str) -> None:
    assert plan(tmp_path, body).reason == ""


@pytest.mark.parametrize("body", BREAKING)
def test_it_breaks_running_code(tmp_path: Path, body: str) -> None:
    assert plan(tmp_path, body).breaking == (BREAKING[body],)


@pytest.mark.parametrize("body", UNKNOWN)
def test_what_cannot_be_read_is_said_to_be_unknown(tmp_path: Path, body: str) -> None:
    (reason,) = plan(tmp_path, body).unknown

    assert UNKNOWN[body] in reason


def test_a_file_that_cannot_be_read_is_unknown(tmp_path: Path) -> None:
    assert not plan_function(tmp_path / "missing.py", "upgrade").is_harmless


def test_a_multi_database_function_is_found(tmp_path: Path) -> None:
    path = tmp_path / "r1.py"
    path.write_text(
        "def upgrade(engine_name):\n    globals()['upgrade_%s' % engine_name]()\n"
        "def upgrade_one():\n    op.drop_table('t')\n"
        "def upgrade_two():\n    pass\n"
    )

    assert plan_function(path, "upgrade", ["one"]).breaking == ("drop table t",)
    assert plan_function(path, "upgrade", ["two"]).breaking == ()


@pytest.mark.parametrize(
    ("body", "setting", "can_keep_both", "mode"),
    [
        ("pass", "auto", True, "announce"),
        ("pass", "pause", True, "pause"),
        ('op.drop_column("t", "a")', "auto", True, "pause"),
        ('op.drop_column("t", "a")', "announce", True, "announce"),
        ('op.drop_column("t", "a")', "compat", True, "pause"),
        ('op.rename_column("t", "a", "b")', "auto", True, "pause"),
        ('op.rename_column("t", "a", "b")', "compat", True, "compat"),
        ('op.rename_column("t", "a", "b")', "compat", False, "pause"),
        ('op.rename_column("t", "a", "b")\nbackfill()', "compat", True, "pause"),
    ],
)
def test_the_mode_follows_from_what_breaks(
    tmp_path: Path, body: str, setting: ModeSetting, can_keep_both: bool, mode: str
) -> None:
    both: Both | None = "compat" if can_keep_both and setting == "compat" else None

    assert choose_mode(plan(tmp_path, body), setting, both=both) == mode
