"""Write a small project, plan a fix, look at single lines."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Mapping

from alembic_guard.reserved.rewrite import Rewrite, choose_targets, plan_rewrite
from alembic_guard.reserved.scan import Project, collect, judge

MODELS = """\
from __future__ import annotations
from typing import Any, Optional
from sqlalchemy import JSON, Column, ForeignKey, Index, String, Table, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, validates

class Base(DeclarativeBase):
    pass

class SessionRecord(Base):
    __tablename__ = "sessions"
    id: Mapped[int] = mapped_column(primary_key=True)
    metadata: Mapped[Optional[dict[str, Any]]] = mapped_column(JSON)
    events: Mapped[list[Event]] = relationship()

class ChatSession(SessionRecord):
    pass

class Event(Base):
    __tablename__ = "events"
    id: Mapped[int] = mapped_column(primary_key=True)
    metadata_: Mapped[str] = mapped_column("metadata", String)
    session: Mapped[SessionRecord] = relationship()

class Plain:
    metadata = 1
"""


def plan(
    files: Mapping[str, str], *named: str, models: str = MODELS, keep_column: bool = False
) -> Rewrite:
    """What `fix` would do to the models in app/models.py and `files`."""
    sources = {
        "app/models.py": models,
        **{name: textwrap.dedent(text) for name, text in files.items()},
    }
    trees = {path: ast.parse(text) for path, text in sources.items() if path.endswith(".py")}
    project = Project(collect(tree, path) for path, tree in trees.items())
    targets = choose_targets(project, judge(project), named, keep_column=keep_column)
    return plan_rewrite(sources, trees, project, targets)


def rewritten_models(models: str, *named: str, keep_column: bool = False) -> str:
    """The models after `fix`."""
    return plan({}, *named, models=models, keep_column=keep_column).changed.get(
        "app/models.py", models
    )


HEADER = """\
import copy
from dataclasses import replace
from typing import Any, Optional, cast
from sqlalchemy import and_, delete, desc, func, insert, select, text, update
from sqlalchemy.orm import Session, aliased, load_only, selectinload
from app import models
from app.models import Base, ChatSession, Event, Plain, SessionRecord
from app.models import SessionRecord as SR
"""


def use(code: str) -> tuple[str, Rewrite]:
    """The lines of `code` after `fix`, in a module that imports the models."""
    text = HEADER + textwrap.dedent(code)
    outcome = plan({"app/use.py": text})
    changed = outcome.changed.get("app/use.py", text)
    return changed[len(HEADER) :], outcome
