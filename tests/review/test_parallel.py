"""A long history gives the same report however many processes share it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from alembic_guard.review.session import review_paths
from alembic_guard.review.sources import parallel

HEADER = '''"""change"""
from alembic import op
import sqlalchemy as sa
revision = {id!r}
down_revision = {down!r}
'''
CREATE = """
def upgrade():
    op.create_table("{table}", sa.Column("id", sa.Integer(), primary_key=True))
def downgrade():
    op.drop_table("{table}")
"""
INDEX = """
def upgrade():
    op.create_index("ix_{id}", "{table}", ["id"])
def downgrade():
    op.drop_index("ix_{id}", "{table}")
"""


def write_branches(folder: Path, count: int) -> None:
    """Two branches that are merged every twenty revisions, and a file that is not Python."""
    down: list[str] = []
    for number in range(count):
        identifier = f"{number:012x}"
        ends = down if number % 20 == 0 else down[:1]
        table = f"table_{number - number % 2}"
        header = HEADER.format(id=identifier, down=tuple(ends) or None)
        body = (INDEX if number % 2 else CREATE).format(id=identifier, table=table)
        (folder / f"{identifier}.py").write_text(header + body)
        down = [*[end for end in down if end not in ends], identifier]
        if number % 20 == 5:
            (folder / f"{identifier}b.py").write_text(
                HEADER.format(id=f"b{identifier}", down=identifier)
                + INDEX.format(id=f"b{identifier}", table="table_0")
            )
            down.append(f"b{identifier}")
    (folder / "broken.py").write_text("revision = 'x'\ndef upgrade(:\n")


def test_processes_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_branches(tmp_path, 260)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    shared = review_paths([str(tmp_path)], "postgresql")

    monkeypatch.setattr(parallel, "ENOUGH", 10_000)
    alone = review_paths([str(tmp_path)], "postgresql")

    assert len(alone.findings) > 10
    assert shared.findings == alone.findings
    assert shared.coverage == alone.coverage


def test_the_share_of_a_process_that_dies_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.getpid()
    monkeypatch.setattr(os, "cpu_count", lambda: 2)

    def work(items: Sequence[int]) -> list[int]:
        if os.getpid() != here:
            os._exit(3)
        return [2 * item for item in items]

    assert parallel.spread(work, range(1000)) == [2 * item for item in range(1000)]
