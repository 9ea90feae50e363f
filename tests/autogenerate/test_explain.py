from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy.engine import URL

from alembic_guard.autogenerate.explain import explained
from alembic_guard.facts import Candidate, Question, Rename
from alembic_guard.renames.decision import Plan
from tests.autogenerate.alembic_project import AlembicProject


def test_plan_is_told_with_its_evidence() -> None:
    plan = Plan(
        renames=(
            Rename("table", None, None, "users", "people", "A", ("-x rename=users:people",)),
            Rename("column", "audit", "t", "a", "b", "C", ("same type text", "same position")),
        ),
        questions=(
            Question("column", None, "t", "x", (Candidate("y", 0.91, ("same type integer",)),)),
        ),
        notes=("t.metadata_ is the column metadata: no DDL",),
    )

    assert explained(plan).splitlines() == [
        "Renames:",
        "  table users -> people",
        "    A (certain: somebody said so, or the names leave no choice)",
        "    - -x rename=users:people",
        "  column audit.t.a -> b",
        "    C (likely: the schemas alone say so)",
        "    - same type text",
        "    - same position",
        "  column t.x -> undecided",
        "    y? score 0.91",
        "      - same type integer",
        "  t.metadata_ is the column metadata: no DDL",
    ]


def test_nothing_suspected_is_said_too() -> None:
    assert (
        explained(Plan()) == "Renames: nothing that is dropped looks like anything that is added."
    )


def test_rename_that_git_shows_is_planned_unasked_and_explained(
    tmp_path: Path, new_database: Callable[..., URL]
) -> None:
    models = """
    class Session(Base):
        __tablename__ = "sessions"
        id: Mapped[int] = mapped_column(primary_key=True)
        title: Mapped[str] = mapped_column(String(40))
    """
    project = AlembicProject(tmp_path / "project", new_database("sqlite"))
    project.start(models)
    project.git("init", "-q")
    project.git("add", "-A")
    project.git("commit", "-q", "-m", "Sessions")
    project.models(models.replace("title", "name"))

    done = project.autogenerate("-x", "explain")

    assert done.returncode == 0, done.stderr
    assert "column sessions.title -> name" in done.stdout
    assert "same place and definition in Session, only the name changed" in done.stdout
    assert project.upgrade_body() == "op.rename_column('sessions', 'title', 'name')"
