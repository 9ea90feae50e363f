"""A change is judged against the base branch: what is new, edited, misplaced or still used."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from alembic_guard.review.options import Options
from alembic_guard.review.session import run_review

MODELS = """
class Customer(Base):
    __tablename__ = "customers"
    id = mapped_column(Integer, primary_key=True)
    {column}
"""
HEAD = 'import sqlalchemy as sa\nfrom alembic import op\nrevision = "{id}"\ndown_revision = {down!r}\n\n'
CREATE = (
    'def upgrade():\n    op.create_table("customers", sa.Column("id", sa.Integer, primary_key=True), '
    'sa.Column("code", sa.Text))\n\ndef downgrade():\n    op.drop_table("customers")\n'
)
DROP = (
    'def upgrade():\n    op.drop_column("customers", "code")\n\ndef downgrade():\n'
    '    op.add_column("customers", sa.Column("code", sa.Text))\n'
)


@pytest.fixture(name="repository")
def _repository(tmp_path: Path) -> Callable[..., Path]:
    """A repository whose branch `base` has one revision and a model; returns a writer."""

    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(
            ["git", "-C", str(tmp_path), *identity, *arguments], check=True, capture_output=True
        )

    def build(column: str) -> Path:
        (tmp_path / "versions").mkdir()
        (tmp_path / "models.py").write_text(MODELS.format(column=column))
        (tmp_path / "versions" / "a1.py").write_text(HEAD.format(id="a1", down=None) + CREATE)
        git("init", "-q", "-b", "base")
        git("add", "-A")
        git("commit", "-q", "-m", "base")
        git("checkout", "-q", "-b", "topic")
        (tmp_path / "versions" / "a2.py").write_text(HEAD.format(id="a2", down="a1") + DROP)
        return tmp_path

    return build


def codes(root: Path, **options: str) -> list[str]:
    _, report = run_review(Options((str(root / "versions"),), "postgresql", **options))  # type: ignore[arg-type]  # strings only
    return [finding.code for finding in report.findings]


def test_name_that_code_still_uses_is_found(repository: Callable[..., Path]) -> None:
    root = repository("code = mapped_column(Text)")

    assert codes(root, diff_base="base") == ["GRD406"]


def test_drop_of_what_nobody_uses_is_silent(repository: Callable[..., Path]) -> None:
    root = repository("")

    assert codes(root, diff_base="base") == []


def test_code_at_the_merge_base_counts_because_it_still_runs(
    repository: Callable[..., Path],
) -> None:
    root = repository("code = mapped_column(Text)")
    (root / "models.py").write_text(MODELS.format(column=""))

    assert codes(root, diff_base="base") == ["GRD406"]


def test_edited_revision_of_the_base_branch_is_found(repository: Callable[..., Path]) -> None:
    root = repository("")
    path = root / "versions" / "a1.py"
    path.write_text(path.read_text().replace("sa.Text", "sa.String(20)"))

    assert codes(root, diff_base="base") == ["GRD706"]


def test_since_reports_only_what_follows(repository: Callable[..., Path]) -> None:
    root = repository("")

    assert codes(root, since="a1") == ["GRD403"]
    assert codes(root, since="a2") == []
