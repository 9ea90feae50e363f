from __future__ import annotations

import argparse
import importlib.util
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from alembic_guard.autogenerate.history import collect_history, renamed_attributes
from alembic_guard.facts import Candidate, Hint, Question
from tests.autogenerate.alembic_project import MODELS

SESSIONS = """
class Session(Base):
    __tablename__ = "sessions"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(40))
    at: Mapped[int] = mapped_column("created", Integer)
    public_doc: Mapped[bool] = mapped_column(default=False)
    size: Mapped[int]
"""


@dataclass
class History:
    """A git repository with models and one applied revision."""

    folder: Path

    def write(self, name: str, text: str) -> None:
        """Write a file of the project."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def git(self, *arguments: str) -> None:
        """Run git as somebody."""
        name = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        command = ["git", *name, *arguments]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True, timeout=60)

    def commit(self) -> None:
        """Commit everything."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x")

    def start(self, models: str) -> None:
        """Commit models together with the revision the database is at."""
        self.git("init", "-q")
        self.write("models.py", MODELS + models)
        self.write("migrations/versions/a1.py", 'revision = "a1"\ndown_revision = None\n')
        self.commit()

    def change(self, models: str) -> None:
        """Write the models as they are now."""
        self.write("models.py", MODELS + models)

    def hints(self, *questions: Question, heads: tuple[str, ...] = ("a1",)) -> list[Hint]:
        """What the history says of questions."""
        with self._context(heads) as context:
            return collect_history(context, questions)

    def attributes(self) -> list[str]:
        """What the history says of attributes."""
        with self._context(("a1",)) as context:
            return renamed_attributes(context)

    @contextmanager
    def _context(self, heads: tuple[str, ...]) -> Iterator[AutogenContext]:
        models = self._imported()
        config = Config(cmd_opts=argparse.Namespace(x=[]))
        config.set_main_option("script_location", str(self.folder / "migrations"))
        environment = EnvironmentContext(config, ScriptDirectory.from_config(config))
        engine = sa.create_engine("sqlite://", poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            environment.configure(connection=connection, target_metadata=models.Base.metadata)
            context = environment.get_context()
            context.get_current_heads = lambda: heads  # type: ignore[method-assign]
            yield AutogenContext(context, models.Base.metadata)

    def _imported(self) -> ModuleType:
        name = f"history_models_{secrets.token_hex(4)}"
        spec = importlib.util.spec_from_file_location(name, self.folder / "models.py")
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


@pytest.fixture(name="history")
def _history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[History]:
    """A project folder that knows nothing of the git settings of whoever runs the tests."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = set(sys.modules)
    (tmp_path / "project").mkdir()
    yield History(tmp_path / "project")
    for name in set(sys.modules) - before:
        if name.startswith("history_models_"):
            del sys.modules[name]


def column(old: str, *news: str, table: str = "sessions") -> Question:
    return Question("column", None, table, old, tuple(Candidate(new, 0.5) for new in news))


def said(hints: list[Hint]) -> list[tuple[str, str | None, str | None, str]]:
    return [(hint.kind, hint.old, hint.new, hint.evidence_class) for hint in hints]


def test_definition_that_kept_its_place_answers_the_question(history: History) -> None:
    history.start(SESSIONS)
    history.change(SESSIONS.replace("title", "name"))

    (hint,) = history.hints(column("title", "name", "other"))

    assert said([hint]) == [("column", "title", "name", "B")]
    assert hint.source.startswith("git ")
    assert hint.source.endswith("same place and definition in Session, only the name changed")


def test_same_attribute_of_another_column_is_certain(history: History) -> None:
    history.start(SESSIONS)
    history.change(SESSIONS.replace('"created"', '"created_at"'))

    assert said(history.hints(column("created", "created_at"))) == [
        ("column", "created", "created_at", "A")
    ]


def test_attribute_renamed_over_its_column_is_said_to_need_nothing(history: History) -> None:
    history.start(SESSIONS)
    kept = SESSIONS.replace(
        "title: Mapped[str] = mapped_column(", 'name: Mapped[str] = mapped_column("title", '
    )
    history.change(kept)

    (note,) = history.attributes()

    assert note == (
        "Session.title is now Session.name; the column sessions.title keeps its name, "
        "so there is nothing to migrate"
    )


def test_sensitive_name_stays_a_question(history: History) -> None:
    history.start(SESSIONS)
    history.change(SESSIONS.replace("public_doc", "is_admin"))

    assert history.hints(column("public_doc", "is_admin")) == []


def test_candidate_nobody_asked_about_is_not_offered(history: History) -> None:
    history.start(SESSIONS)
    history.change(SESSIONS.replace("title", "name"))

    assert history.hints(column("title", "other"), column("size", "name")) == []


def test_history_since_the_revision_counts_not_the_last_commit(history: History) -> None:
    history.start(SESSIONS)
    history.change(SESSIONS.replace("title", "name"))
    history.commit()

    assert said(history.hints(column("title", "name"))) == [("column", "title", "name", "B")]


def test_change_before_the_revision_says_nothing(history: History) -> None:
    history.start(SESSIONS)
    history.change(SESSIONS.replace("title", "name"))
    history.write("migrations/versions/b2.py", 'revision = "b2"\ndown_revision = "a1"\n')
    history.commit()

    assert history.hints(column("title", "name"), heads=("b2",)) == []


def test_models_that_moved_to_another_file_are_found(history: History) -> None:
    history.start(SESSIONS)
    history.git("mv", "models.py", "old_models.py")
    history.change(SESSIONS.replace("title", "name"))
    (history.folder / "old_models.py").unlink()

    assert said(history.hints(column("title", "name"))) == [("column", "title", "name", "B")]


def test_column_of_a_mixin_is_found(history: History) -> None:
    mixin = "class Titled:\n    title: Mapped[str] = mapped_column(String(40))\n\n"
    model = 'class A(Titled, Base):\n    __tablename__ = "a"\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
    history.start(mixin + model)
    history.change(mixin.replace("title:", "name:") + model)

    assert said(history.hints(column("title", "name", table="a"))) == [
        ("column", "title", "name", "B")
    ]


def test_core_table_is_found(history: History) -> None:
    core = 'runs = sa.Table("runs", Base.metadata, Column("id", Integer), Column("title", Text))\n'
    history.start(core)
    history.change(core.replace("title", "name"))

    assert said(history.hints(column("title", "name", table="runs"))) == [
        ("column", "title", "name", "B")
    ]


def test_table_of_the_same_model_is_found_with_its_columns(history: History) -> None:
    history.start(SESSIONS)
    history.change(SESSIONS.replace('"sessions"', '"user_sessions"').replace("title", "name"))
    table = Question("table", None, None, "sessions", (Candidate("user_sessions", 0.5),))

    assert said(history.hints(table, column("title", "name"))) == [
        ("table", "sessions", "user_sessions", "B"),
        ("column", "title", "name", "B"),
    ]


def test_code_that_uses_the_new_name_settles_a_definition_that_moved(history: History) -> None:
    use = "def show(record):\n    print(record.title)\n    return record.title or 'none'\n"
    moved = SESSIONS.replace("    title: Mapped[str] = mapped_column(String(40))\n", "")
    moved += "    name: Mapped[str] = mapped_column(String(40))\n"
    history.write("store.py", use)
    history.start(SESSIONS)
    history.change(moved)
    without = history.hints(column("title", "name"))
    history.write("store.py", use.replace("title", "name"))

    assert without == []
    assert said(history.hints(column("title", "name"))) == [("column", "title", "name", "B")]


def _no_repository(history: History) -> None:
    history.write("models.py", MODELS + SESSIONS)
    history.write("migrations/versions/a1.py", 'revision = "a1"\ndown_revision = None\n')


def _revision_not_committed(history: History) -> None:
    _no_repository(history)
    history.git("init", "-q")


def _source_that_does_not_parse(history: History) -> None:
    history.start("class Session(:\n")


@pytest.mark.parametrize(
    "arrange", [_no_repository, _revision_not_committed, _source_that_does_not_parse]
)
def test_without_a_usable_history_nothing_is_said(
    history: History, arrange: Callable[[History], None]
) -> None:
    arrange(history)
    history.change(SESSIONS.replace("title", "name"))

    assert history.hints(column("title", "name")) == []


def test_without_git_nothing_is_said(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    history.start(SESSIONS)
    history.change(SESSIONS.replace("title", "name"))
    monkeypatch.setenv("PATH", str(history.folder))

    assert history.hints(column("title", "name")) == []


def test_database_without_a_revision_has_no_history(history: History) -> None:
    history.start(SESSIONS)

    assert history.hints(column("title", "name"), heads=()) == []
