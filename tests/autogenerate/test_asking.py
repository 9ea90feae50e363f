from __future__ import annotations

import contextlib
import json
import os
import pty
import select
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from alembic_guard import UnresolvedRenames
from alembic_guard.autogenerate.asking import Reply, ask_all
from alembic_guard.facts import Candidate, Hint, Question
from alembic_guard.renames.decision import Plan
from tests.autogenerate.alembic_project import AlembicProject

OLD = """
class Session(Base):
    __tablename__ = "sessions"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(40))
"""
NEW = OLD.replace("title", "name")
SECONDS = 60


@pytest.fixture(name="project")
def _project(tmp_path: Path, new_database: Callable[..., URL]) -> AlembicProject:
    """A migrated project whose model was then changed from `title` to `name`."""
    project = AlembicProject(tmp_path / "project", new_database("sqlite"))
    project.start(OLD)
    project.models(NEW)
    return project


class Terminal:
    """A command that believes it talks to a person."""

    def __init__(self, project: AlembicProject, *arguments: str, **environment: str) -> None:
        self.master, slave = pty.openpty()
        variables = {
            **os.environ,
            "PYTHONDONTWRITEBYTECODE": "1",
            "TERM": "dumb",
            "CI": "",
            **environment,
        }
        self.process = subprocess.Popen(
            project.command(*arguments),
            cwd=project.folder, env=variables, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self.shown = ""

    def wait_for(self, text: str) -> None:
        """Read until a text is shown."""
        deadline = time.monotonic() + SECONDS
        while text not in self.shown:
            assert self._read(deadline), self.shown

    def send(self, text: str) -> None:
        """Type a text; `\\x04` ends the input."""
        os.write(self.master, text.encode())

    def finish(self) -> int:
        """Read on to the end; the exit code."""
        deadline = time.monotonic() + SECONDS
        while self._read(deadline):
            pass
        return self.process.wait(SECONDS)

    def close(self) -> None:
        """End the command, whatever it waits for."""
        os.close(self.master)
        self.process.kill()
        self.process.wait()

    def _read(self, deadline: float) -> bool:
        ready, _, _ = select.select([self.master], [], [], max(0.0, deadline - time.monotonic()))
        try:
            data = os.read(self.master, 65536) if ready else b""
        except OSError:
            return False
        self.shown += data.decode("utf-8", "replace")
        return bool(data)


Start = Callable[..., Terminal]


@pytest.fixture(name="start")
def _start(project: AlembicProject) -> Iterator[Start]:
    """Start commands of the project at terminals of their own."""
    with contextlib.ExitStack() as stack:

        def start(*arguments: str, **environment: str) -> Terminal:
            terminal = Terminal(project, *arguments, **environment)
            stack.callback(terminal.close)
            return terminal

        yield start


def test_answer_at_the_terminal_is_planned_and_recorded(
    project: AlembicProject, start: Start
) -> None:
    terminal = start("revision", "--autogenerate", "-m", "change")
    terminal.wait_for("1, n or Enter: ")
    terminal.send("what?\n")
    terminal.wait_for("what?\r\n1, n or Enter: ")
    terminal.send("1\n")

    assert terminal.finish() == 0, terminal.shown
    assert "[1 of 1] The models have no column sessions.title any more" in terminal.shown
    assert "1) it is name now   (score 0." in terminal.shown
    assert project.upgrade_body() == "op.rename_column('sessions', 'title', 'name')"
    assert project.answers.read_text().endswith(
        '\n\n[[rename]]\ncolumn = "sessions.title"\nto = "name"\nafter = "1000"\n'
    )

    applied = project.alembic("upgrade", "head")
    again = project.autogenerate()
    assert (applied.returncode, again.returncode) == (0, 0), applied.stderr + again.stderr
    assert project.upgrade_body() == "pass"


def test_drop_answered_at_the_terminal_is_for_this_migration_only(
    project: AlembicProject, start: Start
) -> None:
    terminal = start("revision", "--autogenerate", "-m", "change")
    terminal.wait_for("or Enter: ")
    terminal.send("n\n")

    assert terminal.finish() == 0, terminal.shown
    assert "op.drop_column('sessions', 'title')" in project.upgrade_body()
    assert '[[drop]]\ncolumn = "sessions.title"\nafter = ' in project.answers.read_text()

    project.alembic("upgrade", "head")
    project.models(OLD)
    back = project.autogenerate()
    assert back.returncode != 0
    assert "column sessions.name: renamed to title?" in back.stderr


@pytest.mark.parametrize("typed", ["\n", "\x04"], ids=["enter", "end of input"])
def test_stopping_at_the_terminal_writes_nothing(
    project: AlembicProject, start: Start, typed: str
) -> None:
    terminal = start("revision", "--autogenerate", "-m", "change")
    terminal.wait_for("or Enter: ")
    terminal.send(typed)

    assert terminal.finish() != 0
    assert "nothing was written" in terminal.shown
    assert len(project.revisions()) == 1
    assert not project.answers.exists()


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["check"], {}),
        (["revision", "--autogenerate"], {"CI": "true"}),
        (["-x", "questions=q.json", "revision", "--autogenerate"], {}),
    ],
    ids=["check", "in CI", "questions are wanted as JSON"],
)
def test_nobody_is_asked_where_nobody_can_answer(
    start: Start, arguments: list[str], environment: dict[str, str]
) -> None:
    terminal = start(*arguments, **environment)

    assert terminal.finish() != 0
    assert "or Enter: " not in terminal.shown
    assert "-x rename=sessions.title:name" in terminal.shown


def test_without_a_terminal_the_questions_are_a_file_and_the_pasted_answer_works(
    project: AlembicProject,
) -> None:
    refused = project.autogenerate("-x", "questions=questions.json")
    asked = json.loads((project.folder / "questions.json").read_text())
    flag, answer = asked["unresolved"][0]["answers"]["rename"].split(" ", 1)
    accepted = project.autogenerate("-x", "questions=questions.json", flag, answer)
    decided = json.loads((project.folder / "questions.json").read_text())

    assert refused.returncode != 0
    assert len(project.revisions()) == 2
    assert accepted.returncode == 0, accepted.stderr
    assert [entry["candidates"][0]["new"] for entry in asked["unresolved"]] == ["name"]
    assert decided == {
        "renames": [
            {
                "kind": "column",
                "schema": None,
                "table": "sessions",
                "old": "title",
                "new": "name",
                "class": "A",
            }
        ],
        "unresolved": [],
    }


def question(old: str, *news: str) -> Question:
    return Question("column", None, "t", old, tuple(Candidate(new, 0.5) for new in news))


class Decider:
    """Leaves open what no hint speaks of; a taken candidate is none for others."""

    def __init__(self, *questions: Question) -> None:
        self.questions = questions

    def __call__(self, hints: Sequence[Hint]) -> Plan:
        done = {hint.old for hint in hints}
        taken = {hint.new for hint in hints}
        left = [
            question(one.old, *(c.new for c in one.candidates if c.new not in taken))
            for one in self.questions
            if one.old not in done
        ]
        return Plan(questions=tuple(one for one in left if one.candidates))


def test_one_answer_can_settle_other_questions() -> None:
    decide = Decider(question("a", "x"), question("b", "x", "y"), question("c", "y"))
    asked: list[tuple[str, int, int]] = []

    def first(one: Question, number: int, total: int) -> Reply:
        asked.append((one.old, number, total))
        return Reply(one.candidates[0])

    plan, answers = ask_all(decide([]), decide, first)

    assert plan.questions == ()
    assert asked == [("b", 1, 3), ("c", 2, 2)]
    assert [(one.old, choice and choice.new) for one, choice in answers] == [("b", "x"), ("c", "y")]


def test_question_that_comes_back_after_its_answer_stops() -> None:
    plan = Plan(questions=(question("a", "x"),))

    with pytest.raises(UnresolvedRenames):
        ask_all(plan, lambda _hints: plan, lambda one, *_: Reply(one.candidates[0]))
