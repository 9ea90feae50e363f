"""Run a piece of model source and scan the same piece: what happens, and what we say."""

from __future__ import annotations

import ast
import sys
import types
import warnings
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import configure_mappers

from alembic_guard.facts import Finding
from alembic_guard.reserved.names import Vocabulary
from alembic_guard.reserved.scan import Project, collect, judge

SA_21 = tuple(int(part) for part in sa.__version__.split(".")[:2]) >= (2, 1)

PRELUDE = """\
import sqlalchemy as sa
from sqlalchemy import Column, Integer, MetaData, String, Table, ForeignKey
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import (
    DeclarativeBase, Mapped, declarative_base, declared_attr, mapped_column, registry, relationship,
    synonym,
)
class Base(DeclarativeBase):
    pass
"""


@dataclass(frozen=True)
class Outcome:
    """What the interpreter did: an error, or the columns of F, with the warnings."""

    error: str = ""
    columns: tuple[str, ...] = ()
    warned: bool = False

    @property
    def word(self) -> str:
        """refused, warned, silent: what a developer sees of it."""
        return "refused" if self.error else "warned" if self.warned else "silent"


def run_source(source: str, *, model: str = "F", prelude: str = PRELUDE) -> Outcome:
    """Execute prelude and source as a module and look at the columns of `model`."""
    module = types.ModuleType("case_module")
    sys.modules[module.__name__] = module
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            exec(compile(prelude + source, "case_module.py", "exec"), module.__dict__)
            configure_mappers()
            columns = tuple(getattr(module, model).__table__.columns.keys())
        except Exception as error:
            return Outcome(f"{type(error).__name__}: {error}")
        finally:
            del sys.modules[module.__name__]
    relevant = [item for item in caught if not issubclass(item.category, DeprecationWarning)]
    return Outcome(columns=columns, warned=bool(relevant))


def scan_source(
    source: str, *, prelude: str = PRELUDE, vocabulary: Vocabulary | None = None
) -> list[Finding]:
    """What `names` says about the same source."""
    facts = collect(ast.parse(prelude + source), "case_module.py")
    return judge(Project([facts]), vocabulary or Vocabulary())


def serious_codes(source: str, *, prelude: str = PRELUDE) -> list[str]:
    """The codes of errors and warnings, in order."""
    return [item.code for item in scan_source(source, prelude=prelude) if item.severity != "note"]
